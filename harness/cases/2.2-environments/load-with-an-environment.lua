-- lua: 5.2-5.5

local env = {x = 10}
local f = load("x = x + 1; return x, _ENV", "chunk", "t", env)
local a, e = f()
print(a, e == env, env.x, x)
print(load("return _ENV", "c", "t", nil)())
print(load("return _ENV")() == _G)
print(pcall(load("return print", "=c", "t", nil)))
print(load("return _ENV", "c", "bt", 42)())
print(load("local a = ...; return a, _ENV ~= nil")("argument"))
