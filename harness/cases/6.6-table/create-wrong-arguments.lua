-- lua: 5.5

print(pcall(table.create))
print(pcall(table.create, -1))
print(pcall(table.create, 1, -1))
print(pcall(table.create, 1.5))
print(pcall(table.create, "x"))
print(pcall(table.create, {}))
print(pcall(table.create, nil))
print(pcall(table.create, 2^31))
print(pcall(table.create, 0, 2^31))
print(pcall(table.create, math.maxinteger))
print(pcall(table.create, math.mininteger))
print(pcall(table.create, 0/0))
