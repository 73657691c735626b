-- lua: 5.1-5.5
-- files: yes

for _, name in ipairs{"with space", "\195\164\195\182", "a'b\"c", "-dash", "new\nline", ".hidden", "semi;colon", "percent%s", "back\\slash"} do
  local f, message = io.open("files/" .. name, "w")
  if f then f:write(name) f:close() end
  f = io.open("files/" .. name)
  print(f and f:read("*a") == name, message)
  if f then f:close() end
  print(os.remove("files/" .. name))
end
print((select(2, io.open("files/%s%d", "r"))))
