-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("0123456789")
f:close()
f = io.open("files/x")
print(f:read(0), f:read(1), f:read(4), f:read(0))
print(f:read(100), f:read(0), f:read(1), f:read(100))
f:seek("set", 8)
print(f:read(1, 1, 1, 1))
f:seek("set", 9)
print(f:read(0, 2, 0))
f:seek("set", 0)
print(select("#", f:read(1, 1, 1)), select("#", f:read(100, 1, 1)))
f:close()
local empty = io.open("files/empty", "w+")
print(empty:read(0), empty:read("*a"), empty:read("*l"), empty:read(1))
empty:close()
