-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function(_, e) print("close a", e) end})
local function f()
  local b <close> = setmetatable({}, {__close = function(_, e) print("close b", e) end})
  os.exit(true, true)
end
f()
