-- lua: 5.1-5.5

local t = setmetatable({1, 2, 3}, {__len = function(t) return 42 end})
print(#t, rawlen and rawlen(t))
local s = setmetatable({}, {__len = function() return "not a number" end})
print(#s)
print(#setmetatable({}, {__len = function() end}))
print(pcall(function() return #setmetatable({}, {__len = function() error("no length", 0) end}) end))
print(pcall(table.concat, s))
print(pcall(table.unpack or unpack, s))
print(select("#", ipairs(s)), select(3, ipairs(s)))
