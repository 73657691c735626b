-- lua: 5.4-5.5

local function closing(name) return setmetatable({}, {__close = function() print("closed " .. name) end, __gc = function() print("collected " .. name) end}) end
local a <close> = closing("main")
local co = coroutine.create(function()
  local b <close> = closing("suspended")
  coroutine.yield()
end)
coroutine.resume(co)
local w = coroutine.wrap(function()
  local c <close> = closing("running")
  os.exit(23, true)
end)
w()
