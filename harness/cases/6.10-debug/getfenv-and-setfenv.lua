-- lua: 5.1

local function f() return x end
print(debug.getfenv(f) == _G, debug.getfenv(print) == _G, type(debug.getfenv(io.stdout)))
print(debug.setfenv(f, {x = "from env"}) == f, f())
local co = coroutine.create(function() return x end)
print(debug.getfenv(co) == _G, debug.setfenv(co, {x = 5}) == co, debug.getfenv(co).x)
print(debug.getfenv({}), debug.getfenv(1), debug.getfenv("x"))
print(pcall(debug.setfenv, {}, {}))
print(pcall(debug.setfenv, f))
print(pcall(debug.setfenv, f, 1))
print(pcall(debug.getfenv))
