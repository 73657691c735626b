-- lua: 5.1-5.5

local lines = {}
local t = {1, 2}
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
for k, v in next, t do t[k] = v + 1 end
debug.sethook()
print(table.concat(lines, " "))
