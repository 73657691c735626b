-- lua: 5.1-5.5

-- the text of Lua's own memory error, raised by a script
print(pcall(error, "not enough memory", 0))
print(pcall(function() error("not enough memory", 0) end))
print(xpcall(function() error("not enough memory", 0) end, function(m) return "handled: " .. tostring(m) end))
local co = coroutine.create(function() error("not enough memory", 0) end)
print(coroutine.resume(co))
