-- lua: 5.4-5.5

local closed = false
do
  local co = coroutine.wrap(function()
    local x <close> = setmetatable({}, {__close = function() closed = true end, __gc = function() print("finalized") end})
    coroutine.yield(1)
  end)
  print(co())
end
collectgarbage() collectgarbage()
print(closed)
