-- lua: 5.2-5.5
-- files: yes

local f = io.open("files/x", "w")
print(pcall(f:lines("*q")))
local ok, message = pcall(f:lines())
print(ok, type(message))
f:close()
print(pcall(function() for l in io.lines("files/none") do end end))
