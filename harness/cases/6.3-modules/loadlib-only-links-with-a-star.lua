-- lua: 5.2-5.5

print(package.loadlib("./no-such-file.so", "*"))
