-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:setvbuf("full", 1000)
local g = io.open("files/x")
f:write("abc")
print(g:read("*a"))
local r = f:flush()
print(r == true or r == f)
print(g:seek("set"), g:read("*a"))
f:write("def")
f:close()
print(g:read("*a"))
g:close()
print(pcall(f.flush, f))
print(pcall(f.flush))
