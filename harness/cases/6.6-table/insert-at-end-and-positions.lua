-- lua: 5.1-5.5

local t = {}
table.insert(t, "b")
table.insert(t, 1, "a")
table.insert(t, 3, "d")
table.insert(t, 3, "c")
table.insert(t, #t + 1, "e")
print(table.concat(t, " "), #t)
print(select("#", table.insert(t, "f")), #t)
table.insert(t, "2", "s")
print(table.concat(t, " "))
table.insert(t, 2.0, 1.5)
print(table.concat(t, " "))
local u = {n = 1}
table.insert(u, false)
table.insert(u, 1, true)
print(u[1], u[2], u[3], #u)
