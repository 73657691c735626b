-- lua: 5.1-5.5
-- files: yes

local a = io.open("files/x", "w")
local b = io.open("files/x", "a")
a:write("from a;") a:flush()
b:write("from b;") b:flush()
a:write("A") a:flush()
local r = io.open("files/x")
print(r:read("*a"))
r:seek("set")
print(os.remove("files/x"), r:read("*a"))
a:close() b:close() r:close()
print((io.open("files/x")))
local c = io.open("files/y", "w")
c:write("long content") c:close()
c = io.open("files/y", "w")
c:write("x") c:close()
print(io.open("files/y"):read("*a"))
