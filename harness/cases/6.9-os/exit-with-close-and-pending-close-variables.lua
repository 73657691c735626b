-- lua: 5.4-5.5

local function closing(name) return setmetatable({}, {__close = function(_, e) print("closed " .. name, e) end}) end
local a <close> = closing("a")
local function f()
  local b <close> = closing("b")
  os.exit(7, true)
end
f()
