-- lua: 5.3-5.5

print(pcall(string.unpack, "<s4", "\255\255\255\127abc"))
print(pcall(string.unpack, "<s4", "\4\0\0\0abc"))
print(pcall(string.unpack, "<s4", "\3\0\0\0abc"))
