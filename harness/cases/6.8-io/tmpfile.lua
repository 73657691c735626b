-- lua: 5.1-5.5
-- files: yes

local f = io.tmpfile()
print(io.type(f), f:write("temporary\n", 12) and true)
print(f:seek(), f:seek("set"), f:read("*l"), f:read("*n"), f:read("*l"))
local g = io.tmpfile()
print(g ~= f, g:read("*a"))
g:close()
print(io.type(g), f:close())
print(select("#", io.tmpfile()))
