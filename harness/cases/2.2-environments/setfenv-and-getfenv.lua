-- lua: 5.1

local function f() return x end
print(getfenv(f) == _G, getfenv() == _G, getfenv(0) == _G, getfenv(1) == _G)
print(setfenv(f, {x = "env"}) == f, f(), getfenv(f).x)
local function g() setfenv(1, {x = "own", getfenv = getfenv}); return x, getfenv(1).x end
print(g())
print(getfenv(print) == _G, getfenv(2) == _G)
local function h() setfenv(2, {print = print, x = "set by the callee"}) end
local pcall, _print = pcall, print
local function i() h(); return x end
print(i())
