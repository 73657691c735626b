-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
f:write("text\n")
f:seek("set")
for _, format in ipairs{"x", "*x", "", "*", "**l", "z", "*A"} do
  print(format, pcall(f.read, f, format))
end
for _, format in ipairs{true, {}, print} do
  print(pcall(f.read, f, format))
end
print(pcall(f.read, f, nil))
print(pcall(f.read, f, "*l", "*q"))
f:close()
