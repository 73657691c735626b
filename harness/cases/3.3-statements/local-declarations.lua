-- lua: 5.1-5.5

local a, b, c = (function() return 1, 2 end)()
print(a, b, c)
local a = a and a + 1
print(a)
local x = x
print(x)
local function fact(n) return n <= 1 and 1 or n * fact(n - 1) end
print(fact(10))
local g = function() return g end
print(g())
local h; h = function() return h ~= nil end
print(h())
do local a = "inner" print(a) end
print(a)
