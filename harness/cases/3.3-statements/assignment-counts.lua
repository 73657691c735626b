-- lua: 5.1-5.5

local a, b, c = 1
print(a, b, c)
a, b, c = 1, 2, 3, 4
print(a, b, c)
local function f(...) return ... end
a, b, c = f(1, 2)
print(a, b, c)
a, b, c = f(1, 2), 10
print(a, b, c)
a, b, c = 0, f(1, 2)
print(a, b, c)
a, b, c = (f(1, 2))
print(a, b, c)
a, b, c = f()
print(a, b, c)
a, b, c = 5, f()
print(a, b, c)
local x, y = f(1, 2, 3), nil
print(x, y)
