-- lua: 5.1-5.5

local function counter()
  local n = 0
  return function() n = n + 1 return n end, function() return n end, function(v) n = v end
end
local inc, get, set = counter()
local inc2, get2 = counter()
print(inc(), inc(), inc2(), get(), get2()) set(10) print(inc(), get(), get2())
local function compose(f, ...) if not f then return function(...) return ... end end local rest = compose(...) return function(...) return f(rest(...)) end end
print(compose(function(x) return x + 1 end, function(x) return x * 2 end)(5))
print((function(f) return f(f, 10) end)(function(self, n) return n < 2 and 1 or n * self(self, n - 1) end))
local f1, f2 = function() end, function() end print(f1 == f2, f1 == f1)
