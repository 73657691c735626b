-- lua: 5.4-5.5

print(pcall(coroutine.close, 5))
print(pcall(coroutine.close, print))
local co
co = coroutine.create(function()
  local inner = coroutine.create(function() return pcall(coroutine.close, co) end)
  return coroutine.resume(inner)
end)
print(coroutine.resume(co))
local main = coroutine.running()
print(coroutine.wrap(function() return pcall(coroutine.close, main) end)())
print(pcall(coroutine.close, main))
