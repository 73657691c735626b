-- lua: 5.2-5.5

local a, b = 1, 2
local function f() return a, b end
local function g() return b, a end
print(type(debug.upvalueid(f, 1)))
print(debug.upvalueid(f, 1) == debug.upvalueid(g, 2), debug.upvalueid(f, 1) == debug.upvalueid(g, 1))
print(debug.upvalueid(f, 1) == debug.upvalueid(f, 1))
print(pcall(debug.upvalueid, f, 3))
print(pcall(debug.upvalueid, f, 0))
print(pcall(debug.upvalueid, 1, 1))
print(pcall(debug.upvalueid, f))
print(pcall(debug.upvalueid, print, 1))
print(type(debug.upvalueid(string.gmatch("", ""), 1)))
