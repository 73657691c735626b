-- lua: 5.1-5.5

local mt = {}
print(getmetatable(setmetatable({}, mt)) == mt, getmetatable({}), getmetatable(1), getmetatable(nil), getmetatable(print))
print(getmetatable("").__index == string, getmetatable("") == getmetatable("other"))
print(getmetatable(setmetatable({}, {__metatable = "hidden"})))
print(getmetatable(setmetatable({}, {__metatable = false})))
print(pcall(getmetatable))
print(type(getmetatable(io.stdout)), select("#", getmetatable({}, 1)))
print(getmetatable(coroutine.create(function() end)))
