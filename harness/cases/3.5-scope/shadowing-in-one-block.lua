-- lua: 5.1-5.5

local a = 1
local f1 = function() return a end
local a = 2
local f2 = function() return a end
a = 3
local a, a = 4, 5
print(f1(), f2(), a)
for a = a, a do local a = a + 1 print(a) end
for a, a in pairs{10} do print(a) end
print((function(a) local a = a or "none" return a end)())
print(a)
