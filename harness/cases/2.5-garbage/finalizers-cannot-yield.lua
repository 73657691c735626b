-- lua: 5.2-5.5

local co = coroutine.wrap(function()
  setmetatable({}, {__gc = function() print(pcall(coroutine.yield, 1)); print(coroutine.isyieldable and coroutine.isyieldable()) end})
  collectgarbage()
  return "done"
end)
print(co())
