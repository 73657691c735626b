-- lua: 5.1-5.5

print(pcall(package.loadlib))
print(pcall(package.loadlib, "x"))
print(pcall(package.loadlib, {}, "f"))
print(pcall(package.loadlib, "x", {}))
print(type(package.loadlib))
