-- lua: 5.1-5.5

local function handler(e) return "handled <" .. tostring(e) .. ">", "second result" end
print(xpcall(function() error("e", 0) end, handler))
print(xpcall(function() error({}, 0) end, function(e) return type(e) end))
print(xpcall(function() error() end, handler))
print(xpcall(function() local x = nil + 1 end, handler))
print(xpcall(function() return 1, 2, nil end, handler))
print(xpcall(function() error("e", 0) end, function() end))
print(xpcall(function() error("e", 0) end, function(...) return select("#", ...) end))
