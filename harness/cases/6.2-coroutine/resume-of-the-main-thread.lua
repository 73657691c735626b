-- lua: 5.2-5.5

local main, is_main = coroutine.running()
print(is_main, coroutine.status(main))
print(coroutine.resume(main))
print(coroutine.wrap(function() return coroutine.status(main), coroutine.resume(main, 1) end)())
print(coroutine.wrap(function() return select(2, coroutine.running()) end)())
