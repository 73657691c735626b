-- lua: 5.1-5.5

collectgarbage("stop")
local weak = setmetatable({}, {__mode = "v"})
do
  local big = {}
  weak[1] = coroutine.create(function() local hold = big; coroutine.yield(); return hold end)
  weak[2] = big
  coroutine.resume(weak[1])
  weak[3] = coroutine.wrap(function() coroutine.yield() end)
  weak[3]()
end
print(type(weak[1]), type(weak[2]), type(weak[3]))
collectgarbage() collectgarbage()
print(weak[1], weak[2], weak[3])
