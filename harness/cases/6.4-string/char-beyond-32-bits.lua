-- lua: 5.1-5.2

print(pcall(string.char, 2^32 + 65))
