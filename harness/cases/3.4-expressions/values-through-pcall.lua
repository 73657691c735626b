-- lua: 5.1-5.5

print(pcall(function(...) return select("#", ...), ... end, 1, nil, nil))
print(select("#", pcall(function() return nil, nil end)))
print(pcall(pcall)) print(pcall(pcall, pcall)) print(pcall(5)) print(pcall(nil)) print(pcall(pcall, pcall, error, "x"))
local unpack = table.unpack or unpack
local t = {} for i = 1, 200 do t[i] = i end
print(select("#", pcall(unpack, t)), select(201, pcall(unpack, t)))
local values = {nil, false, 0, "", 1.5, "text"}
for i = 1, 6 do local ok, e = pcall(error, values[i], 0) print(ok, e, type(e)) end
local e1 = setmetatable({}, {__tostring = function() return "object" end}) print(select(2, pcall(error, e1)) == e1, tostring(select(2, pcall(error, e1))))
print(pcall(setmetatable({}, {__call = function(self, ...) return "called", ... end}), 1, 2))
