-- lua: 5.1-5.5

debug.setmetatable(0, {__index = function(n, k) return k .. n end, __call = function(n, x) return n * x end})
print((5).five, (2)(21))
debug.setmetatable(nil, {__index = function() return "of nil" end})
local nothing
print(nothing.x, nothing[1])
debug.setmetatable(true, {__tostring = function(b) return b and "YES" or "NO" end, __add = function() return "sum" end})
print(tostring(true), tostring(false), true + 1)
debug.setmetatable(print, {__concat = function(a, b) return "joined" end, __len = function() return 7 end})
print(print .. "x", _VERSION ~= "Lua 5.1" and #print)
print(debug.getmetatable(coroutine.create(function() end)))
debug.setmetatable(0, nil) debug.setmetatable(nil, nil) debug.setmetatable(true, nil) debug.setmetatable(print, nil)
print(pcall(function() return (5).five end))
print(pcall(function() return nothing.x end))
