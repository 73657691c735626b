-- lua: 5.1-5.5

local t = {a = {b = {}}}
function t.a.b.c(...) return "c", ... end
function t.a.b:d(...) return self == t.a.b, ... end
function t:e() return self.name end
t.name = "t"
print(t.a.b.c(1), t.a.b:d(2), t.e{name = "other"}, t:e())
function globalFunction() return "global" end
print(_G.globalFunction())
local function f() end
local g = f
function f() return "changed the local" end
print(f(), g())
print(pcall(function() function t.x.y() end end))
print(pcall(function() function undefined.f() end end))
local compile = loadstring or load
print(compile("function a:b.c() end", "=x"))
print(compile("function a[1]() end", "=x"))
print(compile("local function a.b() end", "=x"))
