-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/x.lua", "w")); f:write("local a, b = ... return b, a, select('#', ...)"); f:close()
local chunk = loadfile("files/x.lua")
print(type(chunk), chunk(1, 2))
print(chunk())
print(loadfile("files/missing.lua"))
f = assert(io.open("files/bad.lua", "w")); f:write("local x =\nif"); f:close()
print(loadfile("files/bad.lua"))
print(pcall(loadfile, {}))
print(debug.getinfo(chunk, "S").source, debug.getinfo(chunk, "S").short_src)
