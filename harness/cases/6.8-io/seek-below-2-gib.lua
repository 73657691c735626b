-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
f:write("abc")
print(f:seek("set", 2^31 - 1), f:read(1), f:seek("cur", -2^31 + 1), f:read(3))
f:close()
