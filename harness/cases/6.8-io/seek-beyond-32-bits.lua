-- lua: 5.2-5.5
-- files: yes

local f = io.open("files/x", "w+")
f:write("abc")
print(f:seek("set", 2^31 - 1), f:seek("cur"))
print(f:seek("set", 2^31), f:seek())
print(f:seek("set", 2^32 + 1), f:seek("cur", 1), f:seek("cur", -2^32))
print(f:seek("set", 2^40), f:read(1), f:seek("set", 0), f:read(3))
f:close()
