-- lua: 5.1
-- files: yes

-- 5.1 leaves the mode to the C library
for _, mode in ipairs{"x", "+", "b", "R"} do
  print(mode, (io.open("files/x", mode)))
end
