-- lua: 5.1-5.5

local obj = setmetatable({name = "obj"}, {__call = function(self, n)
  local r = self.missing[n]
  return r
end})
local function use(o) local r = o(3) return r end
use(obj)
