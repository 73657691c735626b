-- lua: 5.1-5.5

local t = {}
print(setmetatable(t, nil) == t, setmetatable(t, {}) == t, getmetatable(setmetatable(t, nil)))
print(pcall(setmetatable, t, false))
print(pcall(setmetatable, print, {}))
print(pcall(setmetatable, coroutine.create(function() end), {}))
local loop = {}; setmetatable(loop, loop); loop.__index = loop
print(pcall(function() return loop.x end))
print(select("#", setmetatable({}, {}, 1, 2)))
local locked = setmetatable({}, {__metatable = 1})
print(pcall(setmetatable, locked, {}))
print(pcall(setmetatable, locked, nil))
