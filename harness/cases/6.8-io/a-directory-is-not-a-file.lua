-- lua: 5.1-5.5
-- files: yes

local f, message = io.open("files", "w")
print(f, message)
f, message = io.open("files", "a")
print(f, message)
f, message = io.open("files", "r+")
print(f, message)
io.open("files/x", "w"):close()
f, message = io.open("files/x/y")
print(f, message)
f, message = io.open("files/x/y", "w")
print(f, message)
