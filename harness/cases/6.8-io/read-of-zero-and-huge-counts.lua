-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
f:write("abc")
f:seek("set")
print(f:read(1e6), f:read(1e6))
f:seek("set")
print(f:read(0, 0, 0), f:read(2, 0))
f:close()
