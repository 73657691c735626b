-- lua: 5.1

local function level2() return getfenv(2) end
local function tail() return level2() end
print(pcall(tail))
local function notail() local e = level2(); return e end
print(notail() == _G)
print(getmetatable(_G), setmetatable({}, {__fenv = 1}) ~= nil)
local f = setfenv(function() return getfenv(1) end, setmetatable({getfenv = getfenv}, {__fenv = "protected"}))
print(type(f()))
