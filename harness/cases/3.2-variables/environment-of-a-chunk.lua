-- lua: 5.2-5.5

print(_ENV == _G)
local env = {print = print}
local f = load("x = 1; print(x, y, _ENV == nil); y = 2; return _ENV", "=x", "t", env)
print(f() == env, env.x, env.y, x, y)
local g = load("return x", "=x", "t", nil)
print(pcall(g))
local h = load("return x", "=x", "t", 5)
print(pcall(h))
local i = load("local _ENV = {x = 7} return x", "=x", "t", 5)
print(pcall(i))
