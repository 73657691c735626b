-- lua: 5.1-5.5

print(pcall(io.open))
print(pcall(io.open, nil))
print(pcall(io.open, {}))
print(pcall(io.open, print, "r"))
print(pcall(io.open, true))
print(pcall(io.open, "nothing", {}))
print(pcall(io.open, "nothing", false))
print((select(2, pcall(io.open, 12345))))
print((select(3, pcall(io.open, 12345))))
