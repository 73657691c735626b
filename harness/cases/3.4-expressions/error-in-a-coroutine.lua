-- lua: 5.1-5.5

local function generator(n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(i) end
    local t
    t.x = 1
  end)
end
local function consume()
  for v in generator(2) do print(v) end
end
print(pcall(consume))
consume()
