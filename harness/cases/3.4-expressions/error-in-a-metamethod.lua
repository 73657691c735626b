-- lua: 5.1-5.5

local V = {}
V.__index = V
V.__add = function(a, b)
  if getmetatable(b) ~= V then error("cannot add a " .. type(b), 2) end
  return setmetatable({x = a.x + b.x}, V)
end
V.__call = function(self, n) return self.x / n.x end
local function new(x) return setmetatable({x = x}, V) end
print((new(1) + new(2)).x)
print(pcall(function() return new(1) + 5 end))
print(pcall(function() return new(1)(5) end))
local function sum(list)
  local s = new(0)
  for i = 1, #list do s = s + list[i] end
  return s.x
end
print(sum{new(1), new(2)})
print(sum{new(1), 2})
