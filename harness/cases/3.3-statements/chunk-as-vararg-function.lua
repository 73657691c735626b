-- lua: 5.1-5.5
-- args: one "two words" ''

print(select("#", ...), ...)
local a, b, c, d = ...
print(a, b, c == "", d)
print(#arg, arg[1], arg[2], arg[0])
local f = (loadstring or load)("return select('#', ...), ...")
print(f())
print(f(nil, nil))
print(f(1, "x", {} ~= nil))
