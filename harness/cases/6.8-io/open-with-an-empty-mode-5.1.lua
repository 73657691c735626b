-- lua: 5.1
-- files: yes

-- A known difference. The C library of the sandbox takes "" for "r".
io.open("files/x", "w"):close()
print((select(2, io.open("files/x", ""))))
