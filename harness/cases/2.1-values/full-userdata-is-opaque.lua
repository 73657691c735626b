-- lua: 5.1-5.5

local f = io.stdout
print(type(f), io.type(f), f == io.stdout, tostring(f))
print(pcall(function() f.x = 1 end))
print(pcall(function() return f.x end))
print(pcall(function() return f + 1 end))
print(pcall(function() return f() end))
print(pcall(function() return #f end))
print(pcall(function() return f < f end))
print(pcall(function() return f .. "x" end))
print(pcall(setmetatable, f, {}))
print(type(getmetatable(f)), getmetatable(f).__name)
