-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() error("in the finalizer") end})
print("end")
