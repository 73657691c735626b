-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
print(io.type(f), f:close())
print(io.type(f), tostring(f))
print(pcall(f.close, f))
print(pcall(io.close, f))
print(pcall(f.read, f))
print(pcall(f.write, f, "x"))
print(pcall(f.lines, f))
print(pcall(f.seek, f, "set"))
print(pcall(f.flush, f))
print(pcall(io.input, f))
print(pcall(io.output, f))
