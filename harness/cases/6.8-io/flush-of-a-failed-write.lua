-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:close()
f = io.open("files/x")
local r = f:flush()
print(r == true or r == f)
print(io.flush() == true or io.flush() == io.stdout)
print(f:close())
