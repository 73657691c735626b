-- lua: 5.1-5.5

local mt = setmetatable({}, {__index = function(_, k) return function() return "inherited " .. k end end})
local t = setmetatable({}, mt)
print(t.x, pcall(function() return t + 1 end))
print(pcall(function() return t() end))
mt.__add = "not callable"
print(pcall(function() return t + 1 end))
mt.__call = setmetatable({}, {__call = function() return "called" end})
print(pcall(function() return (t()) end))
mt.__unm = setmetatable({}, {__call = function(self, x) return x == t end})
print(-t)
