-- lua: 5.1-5.5
-- files: yes

local name = os.tmpname()
print(type(name), #name > 0, name:match("lua_") ~= nil)
local f = io.open(name, "w")
print(f:write("t") and true, f:close(), io.open(name):read("*a"))
print(os.remove(name), (io.open(name)))
local a, b = os.tmpname(), os.tmpname()
print(a ~= b, os.remove(a), os.remove(b))
