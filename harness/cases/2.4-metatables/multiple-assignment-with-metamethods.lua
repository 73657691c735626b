-- lua: 5.1-5.5

local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, tostring(v) .. "!") end, __index = function(_, k) return "no " .. k end})
t.a, t.b, t.c = 1, 2
print(t.a, t.b, t.c)
t.a, t.b = t.b, t.a
print(t.a, t.b, rawget(t, "c"))
local i = 1
local u = {}
i, u[i] = i + 1, 20
print(i, u[1], u[2])
