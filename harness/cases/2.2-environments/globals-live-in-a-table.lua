-- lua: 5.1-5.5

x = 1
print(_G.x, _G["x"], rawget(_G, "x"), _G._G == _G)
_G.y = 2
print(y, rawequal(_G, _G._G))
_G["not a name"] = 3
print(_G["not a name"], undefined, _G.undefined)
x, y = nil, nil
print(x, rawget(_G, "x"), next({}, nil))
local _G = {x = "local"}
print(_G.x, x)
