-- lua: 5.2-5.5

local function f(a, b, ...) local c end
for i = 0, 4 do print(i, debug.getlocal(f, i)) end
print(debug.getlocal(f, -1))
print(debug.getlocal(print, 1))
print(debug.getlocal(function() end, 1))
print(debug.getlocal(function(self, x) end, 2))
