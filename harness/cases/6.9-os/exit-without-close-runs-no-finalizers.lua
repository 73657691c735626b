-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("collected") end})
print("end")
os.exit(5)
