-- lua: 5.1-5.5

local e = {code = 1}
print(pcall(coroutine.wrap(function() error("text", 0) end)))
print(pcall(coroutine.wrap(function() error("with position") end)))
print(select(2, pcall(coroutine.wrap(function() error(e) end))) == e)
print(pcall(coroutine.wrap(function() error() end)))
print(pcall(coroutine.wrap(function() error(42) end)))
local inner = function() error("deep", 0) end
print(pcall(coroutine.wrap(function() coroutine.wrap(function() coroutine.wrap(inner)() end)() end)))
local w = coroutine.wrap(function() error("once", 0) end)
print(pcall(w))
print(pcall(w))
local gen = coroutine.wrap(function() error("in a function called " .. "by a loop", 0) end)
print(pcall(function() for _ in gen do end end))
