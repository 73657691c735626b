-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/in", "w")
f:write("one\ntwo\n3\nfour")
f:close()
print(io.input() == io.stdin)
print(io.type(io.input("files/in")), io.input() ~= io.stdin)
print(io.read(), io.read("*l"), io.read("*n"), io.read("*a"))
io.input():seek("set")
for line in io.lines() do io.write(line, ";") end
print(io.type(io.input()))
print(io.close(io.input()))
print(pcall(io.read))
print(pcall(io.lines))
print(tostring(io.input()))
print(pcall(io.input, "files/missing"))
print(pcall(io.input, 3.5))
print(io.input(io.stdin) == io.stdin)
