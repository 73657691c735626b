-- lua: 5.2-5.5

print(xpcall(function(...) return select("#", ...), ... end, print, 1, nil, 3, nil))
print(xpcall(error, function(e) return "got " .. tostring(e) end, "argument", 0))
print(xpcall(print, print))
print(xpcall(string.rep, function(e) return (e:gsub("'.-'", "'?'")) end))
print(xpcall(select, print, -1, "last"))
