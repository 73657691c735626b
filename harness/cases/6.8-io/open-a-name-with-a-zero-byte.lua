-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/a\0hidden", "w"))
f:write("text")
f:close()
f = io.open("files/a")
print(f and f:read("*a"))
f:close()
print(os.remove("files/a\0other"))
print((io.open("files/a")))
