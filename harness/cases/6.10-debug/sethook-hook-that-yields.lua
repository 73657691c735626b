-- lua: 5.1-5.5

local co = coroutine.create(function() local a = 1 return a end)
debug.sethook(co, function() coroutine.yield("from the hook") end, "l")
print(coroutine.resume(co))
print(coroutine.status(co))
