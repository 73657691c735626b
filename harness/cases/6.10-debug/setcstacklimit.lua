-- lua: 5.4

print(math.type(debug.setcstacklimit(1000)), debug.setcstacklimit(300) == debug.setcstacklimit(500))
print(debug.setcstacklimit(0), debug.setcstacklimit(100000))
print(pcall(debug.setcstacklimit))
print(pcall(debug.setcstacklimit, "x"))
print(pcall(debug.setcstacklimit, 1.5))
print(pcall(debug.setcstacklimit, -1))
