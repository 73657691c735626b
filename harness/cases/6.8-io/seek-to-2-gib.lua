-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
print(f:seek("set", 2^31))
f:close()
