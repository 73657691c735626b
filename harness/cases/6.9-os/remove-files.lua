-- lua: 5.1-5.5
-- files: yes

io.open("files/x", "w"):close()
print(os.remove("files/x"), (io.open("files/x")))
local r, message, code = os.remove("files/x")
print(r, message, type(code))
r, message = os.remove("nowhere/x")
print(r, message)
r, message = os.remove("")
print(r, message)
io.open("files/y", "w"):close()
r, message = os.remove("files/y/z")
print(r, message)
print(pcall(os.remove))
print(pcall(os.remove, {}))
print(pcall(os.remove, nil))
print((select(2, os.remove(123))))
