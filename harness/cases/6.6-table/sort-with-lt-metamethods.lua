-- lua: 5.1-5.5

local V = {}
V.__lt = function(a, b) return a.v < b.v end
local function new(v) return setmetatable({v = v}, V) end
local t = {new(3), new(1), new(2), new(-1)}
table.sort(t)
for i, o in ipairs(t) do io.write(i, "=", o.v, " ") end
print()
table.sort(t, function(a, b) return b < a end)
for i, o in ipairs(t) do io.write(i, "=", o.v, " ") end
print()
V.__lt = function() error("not comparable", 0) end
print(pcall(table.sort, t))
V.__lt = function() return nil end
print(pcall(table.sort, t))
