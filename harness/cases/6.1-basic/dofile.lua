-- lua: 5.1-5.5
-- files: yes

local function write(name, text) local f = assert(io.open(name, "w")); f:write(text); f:close() end
write("files/a.lua", "print('in a', ...) x = 1 return 10, nil, 'ten'")
print(dofile("files/a.lua"))
print(x, select("#", dofile("files/a.lua")))
write("files/bad.lua", "return =")
print(pcall(dofile, "files/bad.lua"))
write("files/error.lua", "\n\nerror('in the file')")
print(pcall(dofile, "files/error.lua"))
print(pcall(dofile, "files/missing.lua"))
print(pcall(dofile, {}))
write("files/empty.lua", "")
print(dofile("files/empty.lua"))
