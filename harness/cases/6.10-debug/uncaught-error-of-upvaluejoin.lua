-- lua: 5.2-5.5

local a, b = 1, 2
local function f() return a end
local function g() return b end
debug.upvaluejoin(f, 1, g, 1)
print(f())
local function join(n) debug.upvaluejoin(f, n, g, 1) end
join(2)
