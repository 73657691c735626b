-- lua: 5.2-5.5

local chunk = load("x = 1 return x")
local name, value = debug.getupvalue(chunk, 1)
print(name, value == _G, debug.getupvalue(chunk, 2))
local env = {}
print(debug.setupvalue(chunk, 1, env), chunk(), env.x, x)
local stripped = load(string.dump(load("local a = 1 return function() return a, print end"), true))()
print(debug.getupvalue(stripped, 1))
print((debug.getupvalue(stripped, 2)))
print(debug.getinfo(stripped, "S").short_src, debug.getinfo(stripped, "l").currentline)
