-- lua: 5.5

local a, b = {}, {}
setmetatable(a, {__call = b}); setmetatable(b, {__call = a})
print(pcall(a))
print(pcall(function() local r = a(1) end))
print(pcall(function() return a(1) end))
