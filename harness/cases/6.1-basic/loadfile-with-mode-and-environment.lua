-- lua: 5.2-5.5
-- files: yes

local function write(text) local f = assert(io.open("files/x", "wb")); f:write(text); f:close() end
write("y = x; return x")
local env = {x = "from env"}
print(loadfile("files/x", "t", env)(), env.y, y)
print(loadfile("files/x", "b"))
print(pcall(loadfile("files/x", "bt", nil)))
write(string.dump(function() return z end))
print(loadfile("files/x", "t"))
print(loadfile("files/x", "b", {z = "binary"})())
write("# comment\n" .. string.dump(function() return z end))
print(loadfile("files/x", "b", {z = "after a comment"})())
write(string.dump(function() return z end):sub(1, 20))
print(loadfile("files/x"))
print(pcall(loadfile, "files/x", 5))
