-- lua: 5.1-5.5

print(pcall(string.rep, "x", -1))
print(pcall(string.rep, "x", 3))
print(pcall(string.char, 256))
print(pcall(table.concat, {1, {}, 3}))
print(pcall(setmetatable, {}))
print(pcall(tonumber, "z", 99))
print(pcall(select, 0))
print(pcall(print))
print(pcall(pcall))
print(pcall(type))
print(pcall(rawget, 1))
print(pcall(string.format, "%d", "x"))
