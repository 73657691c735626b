-- lua: 5.1

local a = newproxy(true)
local mt = getmetatable(a)
mt.__index = function(_, k) return "field " .. k end
mt.__len = function() return 12 end
mt.__tostring = function() return "a proxy" end
mt.__eq = function() return true end
local b = newproxy(a)
print(a.x, #a, tostring(a), getmetatable(b) == mt, a == b, rawequal(a, b))
print(type(newproxy()), getmetatable(newproxy()), getmetatable(newproxy(false)))
print(pcall(newproxy, 5))
print(pcall(newproxy, {}))
print(pcall(newproxy, io.stdout))
print(pcall(function() return newproxy() .x end))
