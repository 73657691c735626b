-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
print(io.type(f), io.type(io.stdin), io.type(io.stdout), io.type(io.stderr))
f:close()
print(io.type(f), io.type(nil), io.type(1), io.type("file"), io.type({}), io.type(print))
print(type(f), pcall(io.type))
local meta = getmetatable(f)
print(rawequal(meta, getmetatable(io.stdout)), type(meta.__index), meta.__name)
