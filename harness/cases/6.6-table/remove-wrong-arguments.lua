-- lua: 5.1-5.5

print(pcall(table.remove))
print(pcall(table.remove, nil))
print(pcall(table.remove, "abc"))
print(pcall(table.remove, {1}, "x"))
print(pcall(table.remove, {1}, {}))
print(pcall(table.remove, {1}, false))
print(pcall(table.remove, {1, 2}, nil))
print(pcall(table.remove, {1, 2}, 2, "more", "arguments"))
print(pcall(table.remove, print))
