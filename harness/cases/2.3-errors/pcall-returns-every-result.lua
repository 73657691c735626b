-- lua: 5.1-5.5

print(pcall(function() end))
print(pcall(function() return nil, nil end))
print(select("#", pcall(function() return nil, nil end)))
print(pcall(function(...) return ... end, 1, nil, "x", nil))
print(pcall(nil))
print(pcall(5), (pcall("x")))
print(pcall(setmetatable({}, {__call = function(self, ...) return type(self), ... end}), 1, 2))
print(select("#", pcall((table.unpack or unpack), {}, 1, 200)))
