-- lua: 5.1-5.2

print(pcall(select, 2^32 + 1, "a", "b"))
print(pcall(select, -2^32 - 1, "a", "b"))
print(pcall(select, 2^31, "a", "b"))
print(pcall(select, 2^53, "a", "b"))
print(pcall(select, 1e300, "a", "b"))
