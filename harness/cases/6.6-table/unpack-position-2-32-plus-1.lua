-- lua: 5.1-5.5

print(pcall(table.unpack or unpack, {"a"}, 2^32 + 1, 2^32 + 1))
