-- lua: 5.1-5.5

local s = "Hello"
print(s:len(), s:upper():lower(), s:sub(2, -2):rep(2), ("%d"):format(7), ("x"):byte(), s:reverse(), (s:gsub("l", "L")))
print(#s, s.len == string.len, s["len"](s), s.unknown, s[1], ("").x)
print(pcall(function () return (5):len() end))
print(pcall(function () return s.x.y end))
print(pcall(function () return s:nothing() end))
print(pcall(function () s.x = 1 end))
print(pcall(function () return s() end))
local mt = getmetatable("")
print(type(mt), mt.__index == string, getmetatable("x") == mt, getmetatable(5))
function string.shout(x) return x:upper() .. "!" end
print(s:shout(), ("a"):shout())
string.shout = nil
print(pcall(function () return s:shout() end))
