-- lua: 5.1-5.2

print(pcall(string.rep, "ab", 2^32 + 1))
print(pcall(string.rep, "ab", 2^62))
