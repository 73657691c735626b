-- lua: 5.2-5.5

local function object(name) return setmetatable({}, {__gc = function() print("collected " .. name) end}) end
a = object("a")
b = object("b")
local c = object("c")
print("end")
os.exit(6, true)
