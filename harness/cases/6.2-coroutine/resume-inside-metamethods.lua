-- lua: 5.1-5.5

local gen = coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end)
local t = setmetatable({}, {__index = function(_, k) return k .. gen() end, __add = function() return gen() end, __call = gen, __concat = function() return gen() end, __lt = function() return gen() > 100 end})
print(t.a, t.b, t + 1, t(), t .. "x", t < t)
local sorted = {3, 1, 2}
table.sort(sorted, function(a, b) return coroutine.wrap(function() coroutine.yield(a < b) end)() end)
print(sorted[1], sorted[2], sorted[3])
print((("abc"):gsub("%w", coroutine.wrap(function(c) while true do c = coroutine.yield(c:upper() .. ".") end end))))
local s = setmetatable({}, {__tostring = function() return "made by " .. coroutine.wrap(function() coroutine.yield("a coroutine") end)() end})
print(s)
