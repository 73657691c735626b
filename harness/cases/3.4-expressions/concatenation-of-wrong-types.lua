-- lua: 5.1-5.5

local t, f, b, n = {}, print, true, nil
print(pcall(function() return "a" .. t end))
print(pcall(function() return t .. "a" end))
print(pcall(function() return f .. "a" end))
print(pcall(function() return "a" .. b end))
print(pcall(function() return "a" .. n end))
print(pcall(function() return n .. n end))
print(pcall(function() return "a" .. undefined .. "b" end))
print(pcall(function() return "a" .. t.x.y end))
print(pcall(function() return "a" .. t.x .. "b" end))
print(pcall(function() return 1 .. {} end))
print(pcall(function() return "a" .. "b" .. nil .. "c" .. "d" end))
print(pcall(function() local s = "x" s = s .. t.field end))
