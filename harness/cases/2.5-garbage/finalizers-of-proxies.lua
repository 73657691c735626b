-- lua: 5.1

local order = {}
for n = 1, 4 do getmetatable(newproxy(true)).__gc = function(u) order[#order + 1] = n .. type(u) end end
collectgarbage()
print(table.concat(order, " "))
local p = newproxy(true)
getmetatable(p).__gc = function(u) print("at the end", rawequal(u, p)) end
p2 = newproxy(p)
print(getmetatable(p2) == getmetatable(p))
