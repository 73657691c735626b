-- lua: 5.1-5.5

local function f() error("failed") end
local function g() f() end
print(xpcall(g, debug.traceback))
print(xpcall(function() local x = nil; x() end, debug.traceback))
print(xpcall(function() error({}) end, function(e) return type(e) end))
print(xpcall(function() error() end, function(e) return debug.traceback(tostring(e), 1) end))
print(select("#", xpcall(g, debug.traceback)))
