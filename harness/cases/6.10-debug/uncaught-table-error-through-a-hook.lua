-- lua: 5.3-5.5

local function hook(event, line) debug.sethook() error({code = line}) end
local function run()
  debug.sethook(hook, "l")
  local x = 1
  return x
end
run()
