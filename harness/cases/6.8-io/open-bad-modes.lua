-- lua: 5.2-5.5
-- files: yes

for _, mode in ipairs{"", "x", "+", "b", "R", "rw", "r++", "r+b+", "rb+", "bw", "w ", "wx", "r\0"} do
  local ok, message = pcall(io.open, "files/x", mode)
  print((mode:gsub("%z", "0")), ok, message)
end
print((io.open("files/x")))
