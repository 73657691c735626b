-- lua: 5.1-5.2

local ok, e = xpcall(function() error("e", 0) end, "text")
print(ok, e)
ok, e = xpcall(function() error("e", 0) end, {})
print(ok, e)
local callable = setmetatable({}, {__call = function(_, m) return "called with " .. tostring(m) end})
ok, e = xpcall(function() error("e", 0) end, callable)
print(ok, e)
