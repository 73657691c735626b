-- lua: 5.1-5.5

local s = "abc"
print(s.len == string.len, s.x, s[1], ("x").upper("y"), #s, s:len(), s.rep(s, 2))
print(pcall(function() s.x = 1 end))
print(pcall(function() s[1] = "z" end))
string.double = function(x) return x .. x end
print(s:double(), ("ab"):double():double())
print(getmetatable("").__index == string, getmetatable("").__name)
