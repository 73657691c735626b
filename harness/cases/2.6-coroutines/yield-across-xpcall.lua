-- lua: 5.1-5.5

local co = coroutine.create(function()
  print(xpcall(function() return coroutine.yield(1) end, print))
  print(xpcall(function() coroutine.yield(2); error("failed", 0) end, function(e) return "handled " .. tostring(e) end))
  print(xpcall(function() error("x", 0) end, function(e) return coroutine.yield("from the handler") end))
  return 3
end)
for i = 1, 5 do print("resumed", coroutine.resume(co, "value " .. i)) end
