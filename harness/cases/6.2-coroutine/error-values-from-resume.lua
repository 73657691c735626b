-- lua: 5.1-5.5

for i = 1, 6 do
  local v = ({nil, false, 42, "text", {}, print})[i]
  local co = coroutine.create(function() coroutine.yield(i); error(v, 0) end)
  local a, b = coroutine.resume(co)
  local ok, e = coroutine.resume(co)
  print(a, b, ok, type(e), e == v, coroutine.status(co))
end
print(select("#", coroutine.resume(coroutine.create(function() error() end))))
