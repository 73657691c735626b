-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("1 x 2\nline\n")
f:close()
f = io.open("files/x")
print(select("#", f:read("*n", "*n", "*n")))
f:seek("set")
print(f:read("*n", "*n", "*n"))
f:seek("set")
print(f:read("*l", "*l", "*l", "*l"))
print(f:read("*a", "*a", "*l", "*a"))
f:close()
