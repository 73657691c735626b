-- lua: 5.1-5.5

local t = {field = {}}
local up
print(pcall(function() return t.x.y end))
print(pcall(function() return up.y end))
print(pcall(function() local loc; return loc.y end))
print(pcall(function() return undefinedglobal.y end))
print(pcall(function() t.field.deep.x = 1 end))
print(pcall(function() t.nothing() end))
print(pcall(function() t:method() end))
print(pcall(function() undefinedglobal() end))
print(pcall(function() up() end))
print(pcall(function() return t + 1 end))
print(pcall(function() return t.field * 2 end))
print(pcall(function() return -{} end))
print(pcall(function() return up .. "x" end))
print(pcall(function() return t < t end))
print(pcall(function() return t < 1 end))
print(pcall(function() return nil > 1 end))
print(pcall(function() return ("x")() end))
