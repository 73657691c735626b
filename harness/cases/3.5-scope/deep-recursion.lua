-- lua: 5.1-5.5

local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
print(depth(10), depth(1000), depth(10000))
local function sum(t, i) i = i or 1 if i > #t then return 0 end return t[i] + sum(t, i + 1) end
local t = {} for i = 1, 1000 do t[i] = i end
print(sum(t))
local co = coroutine.wrap(function() return depth(5000) end)
print(co())
local function nested(n) if n == 0 then return "innermost" end return coroutine.wrap(function() return nested(n - 1) end)() end
print(nested(20), nested(50))
