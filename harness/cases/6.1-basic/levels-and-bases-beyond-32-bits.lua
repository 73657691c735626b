-- lua: 5.1-5.5

print(pcall(error, "level", 2^32))
print(pcall(error, "level", 2^32 + 1))
print(pcall(error, "level", -2^31))
print(pcall(tonumber, "11", -2^32))
print(pcall(error, "level", 1e300))
