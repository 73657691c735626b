-- lua: 5.1-5.5

print(type(nil), type(1), type("x"), type({}), type(print), type(true), type(io.stdout), type(coroutine.create(function() end)))
print(pcall(type))
print(type(1, 2), type(nil, 1), select("#", type(nil)))
local type = type
print(type(type), type(type(1)), type(setmetatable({}, {__type = "custom", __name = "named"})))
