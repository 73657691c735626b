-- lua: 5.1-5.5

local a, b = {}, {}
setmetatable(a, {__index = b, __newindex = b})
setmetatable(b, {__index = a, __newindex = a})
print(pcall(function() return a.x end))
print(pcall(function() a.x = 1 end))
local chain = {last = "found"}
for i = 1, 90 do chain = setmetatable({}, {__index = chain}) end
print(chain.last, chain.none)
for i = 1, 2000 do chain = setmetatable({}, {__index = chain}) end
print(pcall(function() return chain.last end))
