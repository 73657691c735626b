-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
print(f:setvbuf("no"))
f:write("seen at once")
local g = io.open("files/x")
print(g:read("*a"))
print(f:setvbuf("full", 4096))
print(f:setvbuf("line"))
print(pcall(f.setvbuf, f, "maybe"))
print(pcall(f.setvbuf, f))
print(pcall(f.setvbuf, f, "full", "x"))
print(pcall(f.setvbuf, f, "full", {}))
f:close()
g:close()
print(pcall(f.setvbuf, f, "no"))
print(io.stdout:setvbuf("no"), io.stdout:setvbuf("full"), io.stdout:setvbuf("line", 100))
