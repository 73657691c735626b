-- lua: 5.1-5.5

local co = coroutine.create(function(n)
  local function inner() coroutine.yield(n) end
  inner()
  return 1
end)
print(debug.traceback(co))
coroutine.resume(co, 1)
print(debug.traceback(co))
print(debug.traceback(co, "with message"))
print(debug.traceback(co, nil, 1))
print(debug.traceback(co, "level 2", 2))
print(debug.traceback(co, "level 9", 9))
coroutine.resume(co)
print(debug.traceback(co))
print(debug.traceback(co, {}) ~= nil, debug.traceback(co, 42))
print(coroutine.wrap(function() return debug.traceback("inside") end)())
