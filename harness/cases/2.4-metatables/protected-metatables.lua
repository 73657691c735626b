-- lua: 5.1-5.5

local t = setmetatable({}, {__metatable = false})
print(getmetatable(t), pcall(setmetatable, t, {}))
print(pcall(setmetatable, t, nil))
print(type(debug.getmetatable(t)))
local u = setmetatable({}, {__metatable = "text"})
print(getmetatable(u), rawequal(getmetatable(u), "text"))
getmetatable("").__metatable = "strings are locked"
print(getmetatable("abc"), ("x"):upper())
print(pcall(setmetatable, setmetatable({}, {__metatable = nil}), nil))
