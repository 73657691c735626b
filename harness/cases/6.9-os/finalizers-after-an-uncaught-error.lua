-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("collected") end})
local function f() error("the end") end
f()
