-- lua: 5.1-5.5

local lines = {}
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
for i = 1, 1 do lines.x = i end
debug.sethook()
print(table.concat(lines, " "))
