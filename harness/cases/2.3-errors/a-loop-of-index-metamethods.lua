-- lua: 5.1-5.5

local a, b = {}, {}
setmetatable(a, {__index = b, __newindex = b})
setmetatable(b, {__index = a, __newindex = a})
print(pcall(function() return a.x end))
print(pcall(function() a.x = 1 end))
local long = {found = "at the end"}
for _ = 1, 90 do long = setmetatable({}, {__index = long}) end
print(long.found, long.missing)
