-- lua: 5.1-5.2

print(pcall(tonumber, "10", 2^32 + 2))
