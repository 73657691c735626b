-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/big", "w")
local line = ("0123456789"):rep(5000)
f:write(line, "\n", line, line, "\n", "short\n")
f:close()
f = io.open("files/big")
local a, b, c = f:read("*l", "*l", "*l")
print(#a, #b, c, a == line, b == line .. line)
print(f:seek("set", 49995), f:read(10))
print(#f:read(70000), #f:read("*a"))
print(f:seek("end"))
f:close()
local n, total = 0, 0
for l in io.lines("files/big") do n, total = n + 1, total + #l end
print(n, total)
