-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() io.write("collected\n") end})
os.exit(true, false)
