-- lua: 5.1-5.5

print(xpcall(function() return 1, nil end, print))
print(xpcall(function() error("m", 0) end, function(e) return e, 2 end))
print(xpcall(function() local t = nil; return t.x end, function(e) return (e:gsub("^.-:%d+: ", "")) end))
print(pcall(xpcall, function() end))
print(xpcall(function() error() end, function(...) return select("#", ...), ... end))
print(xpcall(nil, function(e) return "h: " .. e end))
print(select("#", xpcall(function() end, print)))
print(xpcall(string.upper, function(e) return "handled" end))
