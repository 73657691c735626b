-- lua: 5.1-5.5

local function deep(n)
  if n == 0 then coroutine.yield() else deep(n - 1) end
  return n
end
local co = coroutine.create(function() deep(3) error("broken") end)
print(debug.traceback(co))
coroutine.resume(co)
print(debug.traceback(co))
print(debug.traceback(co, "message"))
print(debug.traceback(co, "message", 2))
print(debug.traceback(co, nil, 1))
print(debug.traceback(co, nil, 50))
print(coroutine.resume(co))
print(debug.traceback(co, "after"))
print(debug.traceback(coroutine.create(print)  and co, 5))
