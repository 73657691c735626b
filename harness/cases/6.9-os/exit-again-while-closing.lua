-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("collected") os.exit(26) end})
os.exit(25, true)
