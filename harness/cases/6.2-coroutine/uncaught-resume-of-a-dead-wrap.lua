-- lua: 5.1-5.5

local next_item = coroutine.wrap(function() coroutine.yield("only one") end)
local function consume()
  for i = 1, 3 do print(i, next_item()) end
end
consume()
