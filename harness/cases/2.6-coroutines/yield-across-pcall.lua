-- lua: 5.1-5.5

local co = coroutine.create(function()
  local ok, a, b = pcall(function(x)
    local y = coroutine.yield(x + 1)
    return y, "returned"
  end, 10)
  coroutine.yield(ok, a, b)
  local ok, e = pcall(function() coroutine.yield("before error"); error("after yield", 0) end)
  coroutine.yield(ok, e)
  return "end"
end)
for i = 1, 6 do print(coroutine.resume(co, i * 100)) end
