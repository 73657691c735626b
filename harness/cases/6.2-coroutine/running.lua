-- lua: 5.1-5.5

local main, flag = coroutine.running()
print(type(main), flag)
local co
co = coroutine.create(function()
  local r, f = coroutine.running()
  print(r == co, f, type(r))
  coroutine.wrap(function() print(coroutine.running() == co) end)()
  coroutine.yield()
  print(coroutine.running() == co)
end)
coroutine.resume(co) coroutine.resume(co)
print(coroutine.running() == main, select("#", coroutine.running(1, 2)))
