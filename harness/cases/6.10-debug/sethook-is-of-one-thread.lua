-- lua: 5.1-5.5

local events = {}
local function hook(event, line) events[#events + 1] = event .. tostring(line or "") end
local co = coroutine.create(function()
  local a = 1
  coroutine.yield()
  local b = 2
end)
debug.sethook(hook, "crl")
coroutine.resume(co)
coroutine.resume(co)
debug.sethook()
print(table.concat(events, " "))
events = {}
debug.sethook(hook, "l")
local w = coroutine.wrap(function()
  print(debug.gethook() == hook)
end)
w()
debug.sethook()
print(table.concat(events, " "))
