-- lua: 5.1

print(math.mod == math.fmod, math.mod(7, 3), math.mod(-7, 3), math.mod(7.5, -2))
print(pcall(math.mod, 1))
print(pcall(math.mod, "x", 2))
