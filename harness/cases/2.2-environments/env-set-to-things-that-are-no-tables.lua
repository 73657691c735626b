-- lua: 5.2-5.5

local print, pcall = print, pcall
print(pcall(function() local _ENV = nil; return x end))
print(pcall(function() local _ENV = nil; x = 1 end))
print(pcall(function() local _ENV = 5; return x end))
print(pcall(function() local _ENV = "text"; return len ~= nil, x end))
print(pcall(function() local _ENV = {}; x() end))
print(pcall(function() local _ENV = {}; print("hidden") return undefined.field end))
local function up() return x.y end
_ENV = {}
print(pcall(up))
_ENV = nil
print(pcall(up))
print(x)
