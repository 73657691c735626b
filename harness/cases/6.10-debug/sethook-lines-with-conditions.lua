-- lua: 5.1-5.5

local lines = {}
local yes, no = true, false
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
local a = yes and no or yes
if no then a = 1 else a = 2 end
while no do a = 3 end
local b = a == 2
debug.sethook()
print(table.concat(lines, " "))
