-- lua: 5.1

-- What a conversion of these to an integer gives is the machine's own choice.
for _, x in ipairs{2^63, 1e30, 1/0} do print(x, string.format("%d", x)) end
for _, x in ipairs{2^64, 1e30, 1/0} do print(x, string.format("%x", x)) end
print(string.format("%d %x", 0/0, 0/0))
