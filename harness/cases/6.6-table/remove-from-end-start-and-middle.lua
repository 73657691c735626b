-- lua: 5.1-5.5

local t = {"a", "b", "c", "d", "e"}
print(table.remove(t), table.remove(t, 1), table.remove(t, 2), table.concat(t, " "))
print(table.remove(t, #t), table.concat(t, " "), #t)
print(table.remove(t, "1"), #t)
print(table.remove(t))
print(select("#", table.remove({})), select("#", table.remove({1})), select("#", table.remove({}, 0)))
local u = {1, 2, 3, n = 3}
while #u > 0 do io.write(table.remove(u, 1), " ") end
print(#u, u.n)
