-- lua: 5.1-5.5

local n = 0
debug.sethook(function(event, line) n = n + 1 if event ~= "count" or line then print(event, line) end end, "", 100)
for i = 1, 1000 do local x = i * 2 end
debug.sethook()
print(n)
n = 0
debug.sethook(function() n = n + 1 end, "", 1)
local a = 1
local b = a + 1
debug.sethook()
print(n)
