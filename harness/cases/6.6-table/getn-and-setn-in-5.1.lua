-- lua: 5.1

print(table.getn{}, table.getn{1, 2, 3}, table.getn{n = 10}, table.getn{1, 2, n = 10})
print(pcall(table.setn, {}, 3))
print(pcall(table.setn))
print(pcall(table.getn))
print(pcall(table.getn, "abc"))
print(table.getn(setmetatable({1}, {__len = function() return 5 end})))
