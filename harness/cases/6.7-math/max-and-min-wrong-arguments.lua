-- lua: 5.1-5.5

print(pcall(math.max))
print(pcall(math.min))
print(pcall(math.max, nil))
print(pcall(math.min, 1, nil))
print(pcall(math.max, 1, 2, "x"))
print(pcall(math.max, 1, {}, "x"))
print(pcall(math.min, true))
print(pcall(math.min, 1, 2, 3, print))
