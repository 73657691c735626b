-- lua: 5.3-5.5

print(pcall(string.unpack, "b", "hello", (1 << 32) + 1))
