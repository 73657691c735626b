-- lua: 5.2-5.5

local a, b = 1, 2
local function fa() return a end
local function fb() return b end
print(debug.upvalueid(fa, 1) == debug.upvalueid(fb, 1), debug.upvalueid(fa, 1) == debug.upvalueid(function() return a end, 1))
debug.upvaluejoin(fb, 1, fa, 1)
print(fa(), fb()) a = 10 print(fa(), fb(), b)
print(pcall(debug.upvaluejoin, fa, 5, fb, 1))
print(pcall(debug.upvaluejoin, fa, 1, print, 1))
print(pcall(debug.upvalueid, fa, 5))
