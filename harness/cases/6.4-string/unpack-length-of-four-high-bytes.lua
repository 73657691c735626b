-- lua: 5.3-5.5

print(pcall(string.unpack, "<s4", "\255\255\255\255abc"))
