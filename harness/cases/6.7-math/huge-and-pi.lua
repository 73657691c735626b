-- lua: 5.1-5.5

print(math.huge, -math.huge, math.huge == 1/0, math.huge - math.huge ~= math.huge - math.huge)
print(string.format("%.10f %.15g", math.pi, math.pi))
print(math.huge > 1.7e308, -math.huge < -1.7e308, math.huge == math.huge + 1, math.huge * 0 ~= math.huge * 0)
print(pcall(string.format, "%d", math.pi))
print(1 / math.huge, 1 / -math.huge, math.huge ^ 0, math.huge ^ -1)
