-- lua: 5.1-5.5
-- files: yes

-- how much is seen before a flush depends on the size of the C library's buffer
local f = io.open("files/x", "w")
local g = io.open("files/x")
f:write(("x"):rep(3000))
print(#g:read("*a"))
f:close()
g:close()
