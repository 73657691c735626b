-- lua: 5.1-5.5
-- files: yes

local f = io.open("./files/x", "w")
print(f and f:write("text") and f:close())
for _, name in ipairs{"files/x", "./files/x", "files//x", "files/./x", "././files/x", ".//files/x"} do
  local g, message = io.open(name)
  print(name, g and g:read("*a"), message)
  if g then g:close() end
end
