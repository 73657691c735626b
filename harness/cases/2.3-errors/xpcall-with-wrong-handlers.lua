-- lua: 5.1-5.5

print(pcall(xpcall))
print(pcall(xpcall, print))
print(pcall(xpcall, print, nil))
print(pcall(xpcall, function() return "no error" end, "not a function"))
print(xpcall(function() error("e", 0) end, tostring))
print(xpcall(function() error("e", 0) end, type))
print(xpcall(5, function(e) return "handled: " .. e end))
