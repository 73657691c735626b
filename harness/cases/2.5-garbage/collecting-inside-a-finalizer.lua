-- lua: 5.1-5.5

local function gc() print("inside", type(collectgarbage()), type(collectgarbage("step"))) end
if newproxy then getmetatable(newproxy(true)).__gc = gc else setmetatable({}, {__gc = gc}) end
collectgarbage()
print(collectgarbage("collect"), type(collectgarbage("count")))
