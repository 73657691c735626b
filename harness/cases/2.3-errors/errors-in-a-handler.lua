-- lua: 5.1-5.3

print(xpcall(function() error("first") end, function(e) error("second") end))
print(xpcall(function() error("first") end, function(e) local x = nil .. e end))
print(pcall(xpcall, function() error("first") end, error))
