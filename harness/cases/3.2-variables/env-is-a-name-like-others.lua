-- lua: 5.2-5.5

local print, setmetatable, pcall = print, setmetatable, pcall
local function f(_ENV) return a end
print(f{a = "field as a variable"}, f(setmetatable({}, {__index = function(_, k) return k .. k end})))
do
  local _ENV = {b = 1}
  b = b + 1
  print(b, _ENV.b)
  function g() return b end
  print(g(), _ENV.g == g)
end
print(b, g)
print(pcall(function() local _ENV = nil; return c end))
print(pcall(function() local _ENV = nil; c = 1 end))
