-- lua: 5.1-5.5
-- files: yes

local f, message = io.open("files", "r")
print(io.type(f), message)
if f then
  local r, m = f:read("*a")
  print(r, m)
  r, m = f:read(1)
  print(r, m)
end
