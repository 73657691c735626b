-- lua: 5.2-5.3

setmetatable({}, {__gc = function() error("in the finalizer") end})
print(pcall(collectgarbage))
setmetatable({}, {__gc = function() error({}) end})
print(pcall(collectgarbage))
setmetatable({}, {__gc = function() error() end})
print(pcall(collectgarbage))
print("end")
