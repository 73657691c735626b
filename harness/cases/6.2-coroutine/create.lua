-- lua: 5.1-5.5

print(type(coroutine.create(function() end)))
print(pcall(coroutine.create))
print(pcall(coroutine.create, nil))
print(pcall(coroutine.create, "f"))
print(pcall(coroutine.create, setmetatable({}, {__call = function() end})))
local co = coroutine.create(function(...) return select("#", ...), ... end)
print(coroutine.resume(co, nil, nil))
local f = function() return "called" end
print(coroutine.create(f) == coroutine.create(f), coroutine.resume(coroutine.create(f)))
