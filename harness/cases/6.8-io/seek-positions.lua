-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
print(f:seek(), f:seek("cur"), f:seek("end"))
f:write("0123456789")
print(f:seek(), f:seek("set", 3), f:read(2), f:seek(), f:seek("cur", -1), f:read(1))
print(f:seek("end", -2), f:read("*a"), f:seek("set"), f:seek("cur", 4), f:read(1))
local p, message = f:seek("set", -1)
print(p, message)
p, message = f:seek("cur", -100)
print(p, message, f:seek())
print(f:seek("end", 5), f:write("X") and true, f:seek("end"))
f:seek("set", 9)
print((f:read("*a"):gsub("%z", "0")))
print(math.type and math.type(f:seek()))
f:close()
