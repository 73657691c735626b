-- lua: 5.1-5.5
-- files: yes

do
  local f = assert(io.open("files/x", "w"))
  f:write("written before the collector closes it")
end
collectgarbage() collectgarbage()
print(assert(io.open("files/x")):read("*a"))
local weak = setmetatable({io.open("files/x")}, {__mode = "v"})
print(io.type(weak[1]))
collectgarbage() collectgarbage()
print(weak[1])
