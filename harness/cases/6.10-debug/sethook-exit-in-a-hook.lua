-- lua: 5.1-5.5

local n = 0
debug.sethook(function() n = n + 1 if n == 10 then print("ten") os.exit(20) end end, "", 100)
pcall(function() while true do pcall(function() end) end end)
