-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("finalized") end})
print("leaving")
os.exit(4)
