-- lua: 5.4-5.5

local function closer(name)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. name, e)
    error("second error in " .. name)
  end})
end
local function work()
  local a <close> = closer "a"
  local b <close> = closer "b"
  error "first error"
end
local function run()
  work()
end
run()
