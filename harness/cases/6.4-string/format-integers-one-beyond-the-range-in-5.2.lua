-- lua: 5.2

print(pcall(string.format, "%d", 2^63))
print(pcall(string.format, "%x", 2^64))
