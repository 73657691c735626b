-- lua: 5.1

print(string.gsub("hello", "l", "x", 2^32 + 1))
