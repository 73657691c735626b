-- lua: 5.1-5.5
-- files: yes

do
  local f = io.open("files/x", "w")
  f:setvbuf("full", 4096)
  f:write("unflushed")
  f = nil
end
collectgarbage()
collectgarbage()
print(io.open("files/x"):read("*a"))
for i = 1, 200 do io.open("files/x") end
collectgarbage()
local f = io.open("files/y", "w")
f:write("z")
print(getmetatable(f).__gc(f))
print(io.type(f), io.open("files/y"):read("*a"))
print(pcall(getmetatable(f).__gc, f))
print(pcall(getmetatable(f).__gc, 1))
