-- lua: 5.1-5.5

local v = 0
local function l1() return function() return function() return function() v = v + 1 return v end end end end
print(l1()()()(), l1()()()(), v)
local function nested(n) local x = n if n == 0 then return function() return x end end local f = nested(n - 1) return function() return x + f() end end
print(nested(100)())
local debugNames = {}
local f = l1()()()
print(debug.getupvalue(f, 1)) print(debug.setupvalue(f, 1, 41), f(), v)
print(debug.getupvalue(f, 2), debug.getupvalue(l1, 1))
