-- lua: 5.1-5.5

local function hook(event, line)
  local me, caller = debug.getinfo(1, "nS"), debug.getinfo(2, "nSl")
  print(event, line, me.name, me.namewhat, caller.what, caller.name, caller.currentline)
  debug.sethook()
end
local function f()
  local a = 1
  return a
end
local function start(mask)
  debug.sethook(hook, mask)
  f()
end
start("l")
local function g()
  debug.sethook(hook, "", 3)
  local x = 1
  x = x + 1
  x = x * 2
end
g()
