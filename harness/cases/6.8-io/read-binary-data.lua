-- lua: 5.1-5.5
-- files: yes

local t = {}
for i = 0, 255 do t[#t + 1] = string.char(i) end
local all = table.concat(t)
local f = io.open("files/bin", "wb")
f:write(all, all:reverse(), "\r\n\26\4\0")
f:close()
f = io.open("files/bin", "rb")
local s = f:read("*a")
print(#s, s:sub(1, 256) == all, s:sub(257, 512) == all:reverse(), s:byte(-5, -1))
f:seek("set", 200)
print(f:read(4):byte(1, -1))
print(f:seek("end"), f:read(1), #f:read("*a"))
f:close()
f = io.open("files/bin", "r")
print(f:read("*a") == s)
f:close()
