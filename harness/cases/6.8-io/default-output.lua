-- lua: 5.1-5.5
-- files: yes

local old = io.output()
print(old == io.stdout)
print(io.type(io.output("files/out")) , io.output() ~= old)
io.write("into ", "the file ", 1, "\n")
print(io.type(io.output()))
local mine = io.output()
print(io.close())
print(io.type(mine), tostring(mine))
print(pcall(io.write, "x"))
io.output(old)
io.write("back\n")
print(io.output(io.stderr) == io.stderr, io.output() == io.stderr)
io.write("to the error stream\n")
io.output(io.stdout)
for line in io.lines("files/out") do print(line) end
