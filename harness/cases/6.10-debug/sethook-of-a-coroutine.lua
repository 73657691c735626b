-- lua: 5.1-5.5

local seen = {}
local function hook(event, line) seen[#seen + 1] = event .. tostring(line) end
local co = coroutine.create(function()
  local a = 1
  coroutine.yield(a)
  return a + 1
end)
debug.sethook(co, hook, "l")
print(debug.gethook(co) == hook, (debug.gethook()))
coroutine.resume(co)
print(table.concat(seen, " "))
coroutine.resume(co)
print(table.concat(seen, " "))
print(debug.gethook(co) == hook)
