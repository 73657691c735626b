-- lua: 5.1-5.5

local co = coroutine.wrap(function()
  local function f() print((debug.traceback("inside"))) return 1 end
  local x = f()
  return x
end)
local function call() local v = co() return v end
call()
