-- lua: 5.3-5.5

print(coroutine.isyieldable())
print(coroutine.wrap(function() return coroutine.isyieldable() end)())
print(coroutine.wrap(function() return pcall(coroutine.isyieldable) end)())
print(coroutine.wrap(function() local r; table.sort({1, 2}, function() r = coroutine.isyieldable() end) return r end)())
print(coroutine.wrap(function() local r; ("x"):gsub("x", function() r = coroutine.isyieldable() end) return r end)())
print(coroutine.wrap(function() return setmetatable({}, {__index = function() return coroutine.isyieldable() end}).x end)())
if _VERSION ~= "Lua 5.3" then
  local co = coroutine.create(function() coroutine.yield() end)
  print(coroutine.isyieldable(co), coroutine.isyieldable((coroutine.running())))
  coroutine.resume(co)
  print(coroutine.isyieldable(co), pcall(coroutine.isyieldable, 5))
end
