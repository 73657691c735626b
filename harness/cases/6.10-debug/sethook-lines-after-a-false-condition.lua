-- lua: 5.1-5.5

local no, a, b = false
local lines = {}
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
if no then
  a = 1 end b = 2
debug.sethook()
print(b, table.concat(lines, " "))
