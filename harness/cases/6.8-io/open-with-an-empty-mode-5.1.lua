-- lua: 5.1
-- files: yes

-- Lua 5.1 leaves the mode to the C library, which does not take "" for "r".
io.open("files/x", "w"):close()
print((select(2, io.open("files/x", ""))))
