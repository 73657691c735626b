-- lua: 5.1-5.5

local compile = loadstring or load
assert(compile("x = \255", "=x"))
