-- lua: 5.4-5.5

local function failing(name)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. name, e)
    error("failed to close " .. name)
  end})
end
local function f()
  local a <close> = failing("a")
  local b <close> = failing("b")
  error("first", 0)
end
f()
