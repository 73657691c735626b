-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("collected") end})
local co = coroutine.wrap(function() os.exit(11, true) end)
co()
