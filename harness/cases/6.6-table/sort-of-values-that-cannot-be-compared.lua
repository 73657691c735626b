-- lua: 5.1-5.5

print(pcall(table.sort, {1, "x"}))
print(pcall(table.sort, {"x", 1}))
print(pcall(table.sort, {{}, {}}))
print(pcall(table.sort, {true, false}))
print(pcall(table.sort, {1, 2, "3", 4}))
print(pcall(table.sort, {print, type}))
print(pcall(table.sort, {true}))
print(pcall(table.sort, {{}, 1}))
print(pcall(table.sort, {setmetatable({}, {__lt = function() return true end}), setmetatable({}, {})}))
