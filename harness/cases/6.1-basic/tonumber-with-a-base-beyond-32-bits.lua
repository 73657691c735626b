-- lua: 5.1-5.5

print(pcall(tonumber, "11", 2^32 + 2))
