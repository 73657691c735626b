-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("finalizer") os.exit(13) end})
print("end of script")
