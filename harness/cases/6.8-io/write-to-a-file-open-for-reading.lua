-- lua: 5.1-5.5
-- files: yes

io.open("files/x", "w"):close()
local f = io.open("files/x", "r")
local r, message, code = f:write("text")
print(r, type(message), type(code))
print(select("#", f:write("text", 1)), f:read("*a"))
f:close()
f = io.open("files/x", "w")
r, message, code = f:read("*a")
print(r, type(message), type(code))
r, message, code = f:read("*l")
print(r, type(message), type(code))
print(f:write("still fine") and true, f:close())
print(io.open("files/x"):read("*a"))
