-- lua: 5.2-5.5

setmetatable({}, {__gc = function() print("finalizer") os.exit(12) end})
collectgarbage()
print("never")
