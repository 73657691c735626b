-- lua: 5.3

print(pcall(string.unpack, "b", "abc", math.mininteger))
