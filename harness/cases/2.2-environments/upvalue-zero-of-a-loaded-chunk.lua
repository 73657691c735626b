-- lua: 5.2-5.5

local f = load("return x")
print(debug.getupvalue(f, 1) , select(2, debug.getupvalue(f, 1)) == _G)
debug.setupvalue(f, 1, {x = "changed"})
print(f())
local g = load(string.dump(f))
print(g(), debug.getupvalue(g, 1) == "_ENV", select(2, debug.getupvalue(g, 1)) == _G)
local up = 5
local h = load(string.dump(function() return up, x end), "=h", "b", {x = 1})
print(pcall(h))
