-- lua: 5.1-5.5

x = 10
print(_G.x, _G["x"], _G._G == _G, rawget(_G, "x"))
_G["not a name"] = 5
_G.y = 6
print(y, _G["not a name"], undefined)
x = nil
print(x, rawget(_G, "x"))
for _, name in ipairs{"print", "_VERSION", "_G"} do print(name, type(_G[name])) end
