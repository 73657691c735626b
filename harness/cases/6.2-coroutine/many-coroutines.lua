-- lua: 5.1-5.5

local list = {}
for i = 1, 300 do
  list[i] = coroutine.create(function(n) local sum = 0; while n do sum = sum + n; n = coroutine.yield(sum) end return "sum " .. sum end)
end
for round = 1, 5 do for i, co in ipairs(list) do assert(coroutine.resume(co, i * round)) end end
for _, i in ipairs {1, 150, 300} do print(i, coroutine.resume(list[i])) end
local chain = coroutine.wrap(function() coroutine.yield(0) end)
for i = 1, 50 do local inner = chain; chain = coroutine.wrap(function() coroutine.yield(inner() + 1) end) end
print(chain())
