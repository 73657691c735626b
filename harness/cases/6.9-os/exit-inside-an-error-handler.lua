-- lua: 5.1-5.5

print(xpcall(function() error("oops") end, function(m) print(m) os.exit(15) end))
