-- lua: 5.1-5.5

local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
print(loop(30000, 0))
local function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(10001))
local t = setmetatable({n = 0}, {__call = function(self, k) self.n = self.n + 1 if k > 0 then return self(k - 1) end return self.n end})
print(t(100))
local function viaMethod(o, k) if k == 0 then return "done", k end return o:m(k - 1) end
print(viaMethod({m = viaMethod}, 1000))
local function toC(...) return select(...) end print(toC(2, "a", "b", "c"))
local function many(...) return ... end print((function(...) return many(...) end)(1, nil, 3))
local unpack = table.unpack or unpack
local function f() return unpack({1, 2, 3}) end print(f())
