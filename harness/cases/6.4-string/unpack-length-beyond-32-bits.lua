-- lua: 5.3-5.5

-- The length before the string is 2^32 + 1.
print(pcall(string.unpack, "<s8", "\1\0\0\0\1\0\0\0abc"))
print(pcall(string.unpack, "<s5", "\1\0\0\0\1abc"))
