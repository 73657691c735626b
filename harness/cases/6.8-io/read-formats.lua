-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("first\n\nthird line\n 42 0x10 -3.5e2 rest\nno newline")
f:close()
f = io.open("files/x")
print(f:read())
print(f:read("*l"))
print(f:read("*line"))
print(f:read("*n", "*n", "*n"))
print(f:read(3, 0, 2))
print(f:read("*l", "*l", "*l"))
print(f:read("*a"), f:read("*a"), f:read("*l"), f:read(0), f:read(5), f:read("*n"))
f:seek("set")
print(f:read(2, 4, 0))
print(#f:read("*all"))
f:close()
