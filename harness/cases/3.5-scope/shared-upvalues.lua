-- lua: 5.1-5.5

local function make()
  local shared, own = 0, 0
  local function a() shared = shared + 1 own = own + 1 return shared, own end
  local function b() shared = shared + 100 return shared end
  return a, b, function() return function() shared = -shared return shared end end
end
local a, b, c = make()
print(a()) print(b()) print(a()) print(c()()) print(a()) print(c()())
local a2 = make() print(a2())
local x = 1
local function outer() local function inner() x = x + 1 return x end return inner end
print(outer()(), outer()(), x) x = 10 print(outer()())
