-- lua: 5.1-5.5

local parts = {}
for i = 1, 300 do parts[i] = i % 7 == 0 and "\0" or tostring(i) end
local code = "return " .. ("'%s'"):rep(0) .. "'x'" .. (" .. 'ab'"):rep(150)
print(#(loadstring or load)(code)())
print(#table.concat(parts), #table.concat(parts, "\0\0"))
local s = ""
for i = 1, 300 do s = s .. parts[i] end
print(#s, s == table.concat(parts))
print(1 .. 2, 1 .. "" == "1", -1 .. "x", 0x10 .. "", "a" .. 1 .. 2.5 .. "b")
local mt = {__concat = function (a, b) return (type(a) == "table" and a.v or a) .. "&" .. (type(b) == "table" and b.v or b) end}
local t = setmetatable({v = "T"}, mt)
print("a" .. t, t .. "a", t .. t, 1 .. t, "x" .. "y" .. t .. "z")
