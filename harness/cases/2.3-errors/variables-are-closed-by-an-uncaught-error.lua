-- lua: 5.4-5.5

local function closer(name)
  return setmetatable({}, {__close = function(_, e) print("close " .. name, e) end})
end
local a <close> = closer("main")
local function f()
  local b <close> = closer("f")
  error("uncaught", 0)
end
f()
