-- lua: 5.1-5.5

print(pcall(table.remove, {1, 2, 3}, 4))
print(pcall(table.remove, {1, 2, 3}, 5))
print(pcall(table.remove, {1, 2, 3}, 0))
print(pcall(table.remove, {1, 2, 3}, -1))
print(pcall(table.remove, {}, 0))
print(pcall(table.remove, {}, 1))
print(pcall(table.remove, {}, -1))
print(pcall(table.remove, {}, 2))
local zero = {[0] = "zero"}
print(pcall(table.remove, zero), zero[0])
zero = {[0] = "zero"}
print(pcall(table.remove, zero, 0), zero[0])
local beyond = {1, 2, [3] = nil, [4] = nil}
print(pcall(table.remove, beyond, 3), #beyond)
