-- lua: 5.1-5.5

local co = coroutine.create(function(a, b)
  print("start", a, b)
  local c = coroutine.yield(a + b)
  print("got", c)
  local d, e = coroutine.yield(a + b + c)
  print("got", d, e)
  return b * 2, "end"
end)
print(coroutine.resume(co, 1, 10))
print(coroutine.resume(co, 100))
print(coroutine.resume(co, "x", nil))
print(coroutine.resume(co, "ignored"))
print(coroutine.status(co))
