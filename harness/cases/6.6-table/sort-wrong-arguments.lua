-- lua: 5.1-5.5

print(pcall(table.sort))
print(pcall(table.sort, nil))
print(pcall(table.sort, "text"))
print(pcall(table.sort, {2, 1}, 1))
print(pcall(table.sort, {2, 1}, {}))
print(pcall(table.sort, {2, 1}, "f"))
print(pcall(table.sort, {1}, true))
print(pcall(table.sort, {2, 1}, nil))
print(pcall(table.sort, {2, 1}, setmetatable({}, {__call = function() return true end})))
