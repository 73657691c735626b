-- lua: 5.1-5.5

local log = {}
local base = {shared = "base", [1] = "one"}
local middle = setmetatable({mid = "middle"}, {__index = base})
local t = setmetatable({own = "own"}, {__index = middle})
print(t.own, t.mid, t.shared, t[1], t.none, t[nil])
local f = setmetatable({}, {__index = function(t, k) log[#log + 1] = tostring(k); return k end})
print(f.x, f[2], f[true], f[nil], f[1.5], rawget(f, "x"))
print(table.concat(log, " "))
local viaf = setmetatable({}, {__index = f})
print(viaf.deep, viaf[10])
local strings = setmetatable({}, {__index = "a string"})
print(strings.len == string.len, strings.x)
print(pcall(function() return setmetatable({}, {__index = 5}).x end))
print(pcall(function() return setmetatable({}, {__index = true}).x end))
