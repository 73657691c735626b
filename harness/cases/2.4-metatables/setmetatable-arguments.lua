-- lua: 5.1-5.5

local t, mt = {}, {}
print(setmetatable(t, mt) == t, getmetatable(t) == mt, setmetatable(t, nil) == t, getmetatable(t))
print(pcall(setmetatable))
print(pcall(setmetatable, {}))
print(pcall(setmetatable, {}, 1))
print(pcall(setmetatable, 1, {}))
print(pcall(setmetatable, nil, {}))
print(pcall(setmetatable, "s", {}))
print(pcall(getmetatable))
print(getmetatable(nil), getmetatable(1), getmetatable(print), getmetatable({}))
print(type(getmetatable("")))
