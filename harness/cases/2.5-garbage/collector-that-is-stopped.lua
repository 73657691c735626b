-- lua: 5.2-5.5

print(collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"))
local finalized = false
setmetatable({}, {__gc = function() finalized = true end})
for _ = 1, 2000 do local t = {{}} end
print(finalized)
collectgarbage()
print(finalized, collectgarbage("isrunning"))
print(collectgarbage("restart"), collectgarbage("isrunning"))
