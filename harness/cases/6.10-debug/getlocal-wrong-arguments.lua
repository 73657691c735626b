-- lua: 5.1-5.5

print(pcall(debug.getlocal))
print(pcall(debug.getlocal, 1))
print(pcall(debug.getlocal, 1, "x"))
print(pcall(debug.getlocal, {}, 1))
print(pcall(debug.getlocal, 100, 1))
print(pcall(debug.getlocal, -1, 1))
print(debug.getlocal(1, 1000), debug.getlocal(1, 0))
print(pcall(debug.setlocal, 100, 1, nil))
print(pcall(debug.setlocal, 1, 1))
print(pcall(debug.setlocal, 1, "x", 2))
print(pcall(debug.setlocal))
