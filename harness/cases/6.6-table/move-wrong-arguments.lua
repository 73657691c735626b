-- lua: 5.3-5.5

print(pcall(table.move))
print(pcall(table.move, {}))
print(pcall(table.move, {}, 1))
print(pcall(table.move, {}, 1, 2))
print(pcall(table.move, {}, 1, 2, "x"))
print(pcall(table.move, {}, 1.5, 2, 3))
print(pcall(table.move, nil, 1, 2, 3))
print(pcall(table.move, {}, 1, 2, 3, 4))
print(pcall(table.move, {}, 1, 2, 3, nil))
print(pcall(table.move, "abc", 1, 2, 3, {}))
print(pcall(table.move, {1, 2}, "1", "2", "2"))
