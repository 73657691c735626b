-- lua: 5.1-5.5

local function class(name)
  local mt = {}
  mt.__add = function(a, b) return name .. " adds" end
  mt.__concat = function(a, b) return name .. " joins" end
  mt.__lt = function(a, b) return name == "A" end
  return setmetatable({}, mt)
end
local a, b = class("A"), class("B")
print(a + b, b + a, 1 + b, a .. b, b .. a, "x" .. b)
print(pcall(function() return a < b, b < a end))
local plain = {}
print(plain + a, a + plain, plain .. b)
print(pcall(function() return plain + {} end))
print(pcall(function() return a - b end))
