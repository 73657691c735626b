-- lua: 5.4-5.5

local co
co = coroutine.create(function()
  local a <close> = setmetatable({}, {__close = function(_, e) print("close a", e, coroutine.status(co)) end})
  print(pcall(coroutine.close, co))
  print("still here")
  return "result"
end)
print(coroutine.resume(co))
print(coroutine.status(co), coroutine.close(co))
