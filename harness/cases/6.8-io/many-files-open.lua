-- lua: 5.1-5.5
-- files: yes

local fs = {}
for i = 1, 50 do
  fs[i] = assert(io.open("files/f" .. i, "w"))
  fs[i]:write("file ", i)
end
for i = 1, 50 do fs[i]:close() end
local n = 0
for i = 1, 50 do
  local f = io.open("files/f" .. i)
  if f:read("*a") == "file " .. i then n = n + 1 end
  f:close()
end
print(n)
for round = 1, 300 do io.open("files/f1"):close() end
print(io.open("files/f1"):read("*a"))
