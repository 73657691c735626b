-- lua: 5.1-5.5

local t = setmetatable({}, {__tostring = function(t) return "I am t" end})
print(t, tostring(t), (pcall(string.format, "%s", t)))
print(pcall(function() return "x" .. t end))
local named = setmetatable({}, {__name = "My.Type"})
print((tostring(named):gsub("0x%x+", "ADDR")))
print((tostring(setmetatable({}, {__name = 42})):gsub("0x%x+", "ADDR")))
print(pcall(function() return named + 1 end))
print(pcall(function() return #named < named end))
print(pcall(string.rep, named))
print(pcall(function() return named.x.y end))
print(pcall(function() named() end))
print(pcall(ipairs))
