-- lua: 5.1-5.5

print(package.loadlib("./no-such-file.so", "luaopen_x"))
