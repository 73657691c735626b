-- lua: 5.1-5.5

local t = setmetatable({f = false}, {__index = function(_, k) return "default " .. tostring(k) end})
print(t.f, t.n)
t.n = false; print(t.n)
t.n = nil; print(t.n)
t[1] = 1
print(t[1], t[2], #t)
local nan = 0/0
print(setmetatable({}, {__index = function(_, k) return k ~= k end})[nan])
