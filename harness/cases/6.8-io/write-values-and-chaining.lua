-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
print(f:write() == f or f:write())
print(io.type(f:write("a", 1, " ", 2.5, " ", -7, " ", 1e15, " ", 2^53, "\n")))
if _VERSION ~= "Lua 5.1" then f:write("x"):write("y", "z"):write("") else f:write("xyz") end
f:close()
for line in io.lines("files/x") do print(line) end
f = io.open("files/x", "a")
print(pcall(f.write, f, nil))
print(pcall(f.write, f, "ok", {}))
print(pcall(f.write, f, true))
print(pcall(f.write, f, setmetatable({}, {__tostring = function() return "t" end})))
f:close()
for line in io.lines("files/x") do print(line) end
