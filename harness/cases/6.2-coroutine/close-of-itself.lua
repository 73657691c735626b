-- lua: 5.5

local log = setmetatable({}, {__close = function(_, e) print("closing", e) end})
local co = coroutine.create(function()
  local a <close> = log
  print(pcall(function() local b <close> = log; coroutine.close() end))
  print("not reached")
end)
print(coroutine.resume(co))
print(coroutine.status(co))
co = coroutine.wrap(function() local a <close> = setmetatable({}, {__close = function() error("in close", 0) end}); coroutine.close() end)
print(pcall(co))
co = coroutine.create(function() table.sort({2, 1}, function() coroutine.close() end) end)
print(coroutine.resume(co))
print(pcall(coroutine.close))
