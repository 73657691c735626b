-- lua: 5.2-5.5

local co = coroutine.wrap(function() print("leaving") os.exit(false) end)
co()
