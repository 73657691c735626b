-- lua: 5.1-5.5
-- files: yes

-- C leaves it open what happens when a read follows a write at once
local f = io.open("files/x", "w+")
f:write("one two three")
f:seek("set")
print(f:read(3))
f:write("-TWO")
f:close()
print(io.open("files/x"):read("*a"))
