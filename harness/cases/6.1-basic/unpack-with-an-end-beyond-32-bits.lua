-- lua: 5.1-5.2

local unpack = table.unpack or unpack
print(pcall(unpack, {1, 2}, 1, 2^53))
print(pcall(unpack, {1, 2}, 1, 2^32 + 2))
