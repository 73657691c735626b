-- lua: 5.1

print(pcall(setfenv, print, {}))
print(pcall(setfenv, 1))
print(pcall(setfenv, 1, 5))
print(pcall(setfenv, -1, {}))
print(pcall(setfenv, 100, {}))
print(pcall(setfenv, "x", {}))
print(pcall(setfenv, {}, {}))
print(pcall(getfenv, -1))
print(pcall(getfenv, 100))
print(pcall(getfenv, {}))
print(pcall(getfenv, "1"))
print(pcall(setfenv))
