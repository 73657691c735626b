-- lua: 5.4-5.5

warn("@on")
keep = setmetatable({}, {__gc = function() error("failed at exit") end})
local v <close> = setmetatable({}, {__close = function() print("closed") error("failed in close") end})
print("leaving")
os.exit(5, true)
