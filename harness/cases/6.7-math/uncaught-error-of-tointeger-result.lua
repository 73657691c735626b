-- lua: 5.3-5.5

local function index(x)
  local i = math.tointeger(x)
  return i + 1
end
print(index(3.0))
local t = setmetatable({}, {__index = function(_, k) return index(k) end})
print(t[7])
print(t[7.5])
