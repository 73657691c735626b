-- lua: 5.1

local function f() x = (x or 0) + 1 return x end
local env = {}
print(getfenv(f) == _G, getfenv(1) == _G, getfenv(0) == _G)
print(setfenv(f, env) == f, f(), f(), env.x, x)
local function g() setfenv(1, {print = print}) y = 5 print(y) end
g()
print(y, pcall(setfenv, print, {}))
print(pcall(setfenv, f, nil))
print(pcall(getfenv, 100))
print(pcall(setfenv, 100, {}))
print(getfenv(print) == _G, getfenv() == _G)
