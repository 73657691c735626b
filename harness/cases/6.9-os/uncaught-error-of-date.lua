-- lua: 5.2-5.5

local function stamp(format, when)
  local s = os.date(format, when)
  return s
end
print(stamp("!%Y", 0))
local log = setmetatable({}, {__call = function(self, f) print(stamp(f, 0)) end})
log("!%m")
log("!%Q")
