-- lua: 5.1-5.5

local co = coroutine.create(function(a, b)
  local c = a .. b
  coroutine.yield()
  return a, b, c
end)
coroutine.resume(co, "1", "2")
for i = 1, 4 do
  local name, value = debug.getlocal(co, 1, i)
  if name and name:sub(1, 1) ~= "(" then print(i, name, value) end
end
print(debug.setlocal(co, 1, 1, "changed"), debug.setlocal(co, 1, 3, "C"))
print(coroutine.resume(co))
print(pcall(debug.getlocal, co, 1, 1))
print(pcall(debug.getlocal, co, 0, 1))
