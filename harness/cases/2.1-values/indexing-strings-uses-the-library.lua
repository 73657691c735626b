-- lua: 5.1-5.5

local s = "abc"
print(s.len == string.len, s:len(), ("x"):rep(3), s.upper(s))
print(s.nothing, s[1], s[-1])
print(pcall(function() s.x = 1 end))
print(pcall(function() return s:nothing() end))
print(getmetatable("").__index == string, getmetatable("a") == getmetatable("b"))
print(#s, s .. 1, 1 .. s)
