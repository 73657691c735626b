-- lua: 5.1-5.5

local f = assert(io.open("/dev/null", "w"))
print((f:write("x")) and true, f:close())
f = assert(io.open("/dev/null"))
print(f:read("*a"), f:read(1), f:read("*l"), f:seek("end"))
f:close()
for line in io.lines("/dev/null") do print(line) end
io.input("/dev/null")
print(io.read("*a") == "")
print(loadfile("/dev/null") ~= nil)
