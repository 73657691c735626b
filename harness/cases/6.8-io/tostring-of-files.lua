-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
print((tostring(f):gsub("%x%x%x+", "N")), tostring(f) == tostring(f))
print((tostring(io.stdout):gsub("0x%x+", "N")))
f:close()
print(tostring(f), f == f, f == io.stdout)
print(pcall(function() return f .. "" end))
print(pcall(function() return #f end))
print(pcall(function() return f.nothing end))
print(pcall(function() f.x = 1 end))
print(pcall(function() return f < io.stdout end))
print(pcall(getmetatable(f).__tostring, 1))
print(pcall(getmetatable(f).__tostring))
