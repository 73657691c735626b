-- lua: 5.1-5.5

local m = {__metatable = "hidden", __index = {x = 1}}
local t = setmetatable({}, m)
print(getmetatable(t), debug.getmetatable(t) == m)
print(pcall(setmetatable, t, {}))
local r = debug.setmetatable(t, nil)
print(r == t or r, debug.getmetatable(t), t.x)
print(debug.getmetatable("").__index == string, debug.getmetatable(1), debug.getmetatable(nil), debug.getmetatable(print))
print(pcall(debug.getmetatable))
print(pcall(debug.setmetatable, {}))
print(pcall(debug.setmetatable, {}, 1))
print(pcall(debug.setmetatable, {}, "x"))
