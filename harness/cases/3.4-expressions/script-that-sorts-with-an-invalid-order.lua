-- lua: 5.1-5.5

local t = {}
for i = 1, 50 do t[i] = (i * 7919) % 101 end
print(pcall(table.sort, t, function(a, b) return true end))
local u = {3, 1, 2}
print(pcall(table.sort, u, function(a, b) return a > b end), u[1], u[2], u[3])
print(pcall(table.sort, {1, "x", 2}))
print(pcall(table.sort, {{}, {}}))
