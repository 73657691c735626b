-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
f:write("a\nb\nc\n")
f:seek("set")
for line in f:lines() do
  if line == "b" then break end
end
print(io.type(f), f:read("*l"), f:read("*l"), io.type(f))
f:seek("set")
local it = f:lines()
print(it(), it(), it(), it(), it())
print(io.type(f))
f:close()
print(pcall(it))
print(pcall(f.lines, f))
print(pcall(f.lines))
print(pcall(f.lines, "x"))
