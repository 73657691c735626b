-- lua: 5.2-5.5

local t = setmetatable({}, {__gc = function() print("finalized") end})
keep = t
print("leaving")
os.exit(3, true)
