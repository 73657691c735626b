-- lua: 5.1-5.5

local co = coroutine.create(function(first)
  local second = "two"
  coroutine.yield()
  local third = 3
  coroutine.yield()
end)
coroutine.resume(co, "one")
local i = debug.getinfo(co, 1, "nSl")
print(i.what, i.currentline, i.linedefined, i.name, i.short_src)
print(debug.getlocal(co, 1, 1)) print(debug.getlocal(co, 1, 2)) print(debug.getlocal(co, 1, 3))
print(debug.setlocal(co, 1, 2, "changed")) print(debug.getlocal(co, 1, 2))
coroutine.resume(co)
print(debug.getinfo(co, 1, "l").currentline, debug.getlocal(co, 1, 3))
print(debug.getinfo(co, 0, "S").what, debug.getinfo(co, 5))
print(pcall(debug.getlocal, co, 9, 1))
