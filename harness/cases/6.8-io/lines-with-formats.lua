-- lua: 5.2-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("1 2\n3 4\nrest of it\n")
f:close()
for a, b in io.lines("files/x", "*n", "*n") do print(a, b) end
for line in io.lines("files/x", "*L") do io.write("<", line, ">") end
print()
for chunk in io.lines("files/x", 5) do io.write("[", chunk, "]") end
print()
for all in io.lines("files/x", "*a") do print(#all) if all == "" then break end end
f = io.open("files/x")
for a, l in f:lines(1, "*l") do print(a, l) end
print(io.type(f), f:read("*a"))
f:close()
print(pcall(io.lines, "files/x", "*q"))
local ok, it = pcall(io.lines, "files/x", "*l", "*q")
print(ok, ok and pcall(it))
