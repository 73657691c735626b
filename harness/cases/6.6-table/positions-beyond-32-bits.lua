-- lua: 5.2-5.5

print(pcall(table.insert, {1, 2}, 2^31, "x"))
print(pcall(table.insert, {1, 2}, 2^40, "x"))
print(pcall(table.remove, {1, 2}, 2^40))
