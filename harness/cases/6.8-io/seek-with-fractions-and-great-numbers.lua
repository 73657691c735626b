-- lua: 5.3-5.5
-- files: yes

local f = io.open("files/x", "w+")
print(pcall(f.seek, f, "set", 1.5))
print(pcall(f.seek, f, "set", 2.0))
print(pcall(f.seek, f, "set", 2^63))
print(pcall(f.seek, f, "set", 2^40))
print(f:read(1), f:seek())
local p, message = f:seek("set", math.mininteger)
print(p, message)
f:close()
