-- lua: 5.1-5.5

local log = {}
local t = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = type(k) .. tostring(k == k) .. tostring(v) end})
print(pcall(function() t[nil] = 5 end))
print(pcall(function() t[0/0] = 6 end))
print(pcall(function() t[nil] = nil end))
print(table.concat(log, " "), next(t))
local store = setmetatable({}, {__newindex = {}})
print(pcall(function() store[nil] = 1 end))
print(pcall(function() store[0/0] = 1 end))
