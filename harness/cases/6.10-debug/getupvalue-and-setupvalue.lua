-- lua: 5.1-5.5

local a, b = 1, "two"
local function f() return a, b end
print(debug.getupvalue(f, 1))
print(debug.getupvalue(f, 2))
print(debug.getupvalue(f, 3), debug.getupvalue(f, 0), debug.getupvalue(f, -1))
print(debug.setupvalue(f, 1, {1} and "new"), debug.setupvalue(f, 2, nil), debug.setupvalue(f, 3, 0))
print(f())
print(a, b)
print(debug.getupvalue(print, 1), debug.setupvalue(print, 1, 2))
print(pcall(debug.getupvalue))
print(pcall(debug.getupvalue, f))
print(pcall(debug.getupvalue, 1, 1))
print(pcall(debug.getupvalue, f, "x"))
print(pcall(debug.setupvalue, f, 1))
print(pcall(debug.setupvalue, {}, 1, 1))
