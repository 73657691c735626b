-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("a\nb\n\nd")
f:close()
for line in io.lines("files/x") do io.write("[", line, "]") end
print()
local next_line = io.lines("files/x")
print(type(next_line), next_line(), next_line(), next_line(), next_line(), next_line())
print(pcall(next_line))
print(pcall(io.lines, "files/none"))
print(pcall(io.lines, {}))
for line in io.lines("files/x") do io.write(line) break end
print()
