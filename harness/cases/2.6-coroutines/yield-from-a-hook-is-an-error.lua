-- lua: 5.1-5.5

local co = coroutine.create(function() local a = 1; local b = 2; return a + b end)
debug.sethook(co, function() coroutine.yield("from the hook") end, "l")
print(coroutine.resume(co))
print(coroutine.status(co))
local co2 = coroutine.create(function() local a = 1; return a end)
debug.sethook(co2, function() error("hook failed", 0) end, "l")
print(coroutine.resume(co2))
print(coroutine.status(co2))
