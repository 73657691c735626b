-- lua: 5.1-5.5

local old = _G
_G = {print = "not print"}
print(type(old.print), x)
x = 5
print(_G.x, old.x)
_G = nil
print(x, old._G)
