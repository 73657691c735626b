-- lua: 5.1-5.5

print(tostring(nil), tostring(true), tostring(1), tostring("s"), tostring(-1.5), tostring(1e15), tostring(1e100))
print(type(tostring(nil)), tostring("a\0b") == "a\0b", tostring(""))
print(tostring({}):match("^table: 0?x?%x+$") ~= nil, tostring(function() end):match("^function: ") ~= nil)
print(tostring(coroutine.create(function() end)):match("^thread: ") ~= nil, tostring(io.stdout):match("^file %(") ~= nil)
local t = {}
print(tostring(t) == tostring(t), tostring(t) == tostring({}))
print(pcall(tostring))
print(select("#", tostring(1, 2)))
print(tostring(setmetatable({}, {__tostring = function(...) return "n = " .. select("#", ...) end})))
print(tostring(2^53), tostring(2^53 + 1), tostring(0.1), tostring(100 / 2), tostring(3 % -2))
