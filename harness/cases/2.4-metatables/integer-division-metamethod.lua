-- lua: 5.3-5.5

local mt = {__idiv = function(a, b) return (type(a) == "table" and a.n or a) .. "//" .. (type(b) == "table" and b.n or b) end}
local t = setmetatable({n = 7}, mt)
print(t // 2, 2 // t, t // t, "3" // t, t // 1.5)
print(pcall(function() return t / 2 end))
print(pcall(function() return {} // 2 end))
print(pcall(function() return 2 // {} end))
print(pcall(function() return "x" // 2 end))
