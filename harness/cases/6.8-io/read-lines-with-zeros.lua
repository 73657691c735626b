-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "wb")
f:write("\0\n", "a\0b\0\n", "\0\0\0", "\n\n", "\0")
f:close()
for line in io.lines("files/x") do
  print(#line, (line:gsub("%z", "0")))
end
