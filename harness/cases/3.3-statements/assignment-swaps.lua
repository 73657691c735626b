-- lua: 5.1-5.5

local a, b, c = 1, 2, 3
a, b, c = b, c, a
print(a, b, c)
local t = {1, 2, 3}
t[1], t[3] = t[3], t[1]
print(t[1], t[2], t[3])
local i = 1
i, t[i] = i + 1, 20
print(i, t[1], t[2])
i, t[i], t[i + 1] = 3, "x", "y"
print(i, t[1], t[2], t[3])
local p = {}
local q = p
p.next, p = {name = "new"}, "replaced"
print(p, q.next.name)
