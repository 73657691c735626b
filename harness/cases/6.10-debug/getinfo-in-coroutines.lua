-- lua: 5.1-5.5

local function inner() coroutine.yield() end
local co = coroutine.create(function(a)
  inner()
  error("stop")
end)
print(debug.getinfo(co, 0), debug.getinfo(co, 1))
coroutine.resume(co, 1)
for level = 0, 4 do
  local i = debug.getinfo(co, level, "Sln")
  print(level, i and i.what, i and i.name, i and i.currentline)
end
coroutine.resume(co)
print(coroutine.status(co))
for level = 0, 3 do
  local i = debug.getinfo(co, level, "Sl")
  print(level, i and i.what, i and i.currentline)
end
print(pcall(debug.getinfo, co))
print(pcall(debug.getinfo, co, print, "X"))
print(debug.getinfo(co, print, "S").what)
