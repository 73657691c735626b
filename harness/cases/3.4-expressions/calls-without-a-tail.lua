-- lua: 5.1-5.5

-- Only `return f()` itself is a tail call.
local function depth() local n = 0 while debug.getinfo(n + 1, "S") do n = n + 1 end return n end
local function a() return depth() end
local function b() return (depth()) end
local function c() local n = depth() return n end
local function d() return depth(), 1 end
local function e() return 0 + depth() end
local function f() return nil or depth() end
print(a(), b(), c(), (d()), e(), f())
