-- lua: 5.1-5.5
-- files: yes

local t = math.type or type
local f = io.open("files/n", "w")
f:write("1 -2 +3 4.5 .5 5. 1e3 -1E-2 0x10 0xfF 007 \n\t 8\n9")
f:close()
f = io.open("files/n")
while true do
  local n = f:read("*n")
  if not n then break end
  print(t(n), n)
end
print(f:read("*a") == "")
f:close()
