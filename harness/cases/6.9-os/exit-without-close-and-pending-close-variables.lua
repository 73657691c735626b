-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function() print("closed") end})
print("leaving")
os.exit(8)
