-- lua: 5.3-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("one\ntwo\n3 4\nfive")
f:close()
f = io.open("files/x")
print(f:read("l", "L"))
print(f:read("n", "n", "L", "a"))
print(f:read("a"), f:read("l"), f:read("L"), f:read("n"))
f:seek("set")
print(f:read("line"), f:read("Lxx"), f:read("number"), f:read("all"))
f:seek("set")
print(f:read(3.0), f:read(0), f:read("*L"), f:read(1))
print(pcall(f.read, f, 1.5))
print(pcall(f.read, f, 2^63))
f:close()
