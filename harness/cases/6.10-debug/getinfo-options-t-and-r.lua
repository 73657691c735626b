-- lua: 5.2-5.5

local function show(t) print(t.istailcall, t.ftransfer, t.ntransfer, t.extraargs) end
local function f() show(debug.getinfo(1, "t")) end
local function g() return f() end
f()
g()
print(pcall(debug.getinfo, 1, "r"))
