-- lua: 5.1-5.5

local n, b, f = 1, true, print
print(pcall(function() return n.x end))
print(pcall(function() return b[1] end))
print(pcall(function() return f.x.y end))
print(pcall(function() return undefined.x end))
print(pcall(function() n.x = 1 end))
print(pcall(function() undefined.x = 1 end))
print(pcall(function() local t = {} t.a.b = 1 end))
print(pcall(function() local t = {} t.a.b.c = 1 end))
print(pcall(function() ("s").x = 1 end))
print(pcall(function() return ("s").x.y end))
print(pcall(function() return (nil)[1] end))
