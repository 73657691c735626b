-- lua: 5.2-5.5

setmetatable({}, {__gc = function() print("collected") end})
os.exit(nil, true)
