-- lua: 5.3-5.5

print(string.unpack("z", "abc\0def"), string.unpack("z", "abc\0def", 5 - 0 - 1), string.unpack("zB", "\0\7"))
print(string.unpack("s1", "\3abcdef"), string.unpack(">s2", "\0\2xyz"), string.unpack("c2", "abc"), string.unpack("c0", ""), string.unpack("c0", "abc", 4))
print(pcall(string.unpack, "z", "abc"))
print(pcall(string.unpack, "s1", "\4abc"))
print(pcall(string.unpack, "s2", "\1"))
print(pcall(string.unpack, "c4", "abc"))
print(pcall(string.unpack, "c", "abc"))
print(pcall(string.unpack, "z", ""))
print(pcall(string.unpack, "i4", "abc"))
print(pcall(string.unpack, "d", "abc"))
print(#string.unpack("c3", "\0\0\0"), string.unpack("z", "\255\128\0"))
