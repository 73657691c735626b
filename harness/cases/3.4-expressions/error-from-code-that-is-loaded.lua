-- lua: 5.1-5.5

local compile = loadstring or load
local f = assert(compile("local function inner(x)\n  return x + nil\nend\nlocal r = inner(...)\nreturn r", "@loaded.lua"))
local g = assert(compile("local f = ...\nlocal r = f(1)\nreturn r"))
print(pcall(f, 5))
print(pcall(g, f))
print(pcall(g))
g(f)
