-- lua: 5.1-5.5

local function hook(event, line) debug.sethook() error("from the hook at line " .. tostring(line)) end
local function f()
  local a = 1
  local b = 2
  return a + b
end
print(pcall(function()
  debug.sethook(hook, "l")
  return f()
end))
local lines = {}
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
f()
debug.sethook()
print(table.concat(lines, " "))
local events = {}
debug.sethook(function(event) events[#events + 1] = event end, "cr")
f()
pcall(error)
debug.sethook()
print(table.concat(events, " "))
