-- lua: 5.1-5.5

local set = debug.setmetatable
set(1, {__index = function(n, k) return k .. " of " .. n end, __call = function(n, x) return n * x end, __len = function(n) return n + 1 end})
print((5).square, (5)(6), #41, (1.5).x)
set(nil, {__index = function() return "nothing" end, __call = function() return "called nil" end, __add = function() return "added" end})
print((nil).x, undefined.y.z, (nil)(), nil + 1)
set(true, {__tostring = function(b) return b and "yes" or "no" end, __unm = function(b) return not b end})
print(true, false, -true)
set(print, {__index = {kind = "function"}, __concat = function(a, b) return "joined" end})
print(print.kind, print .. "x", (function() end).kind)
set(coroutine.create(function() end), {__index = coroutine})
print(coroutine.create(function() end):status(), coroutine.create(function(...) return ... end):resume(1, 2))
for _, v in ipairs {1, true, print} do set(v, nil) end
set(nil, nil)
print(pcall(function() return (5).x end))
