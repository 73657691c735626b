-- lua: 5.1-5.5
-- files: yes

local f, message = io.open("files/x/", "w")
print(f, message)
io.open("files/x", "w"):close()
f, message = io.open("files/x/")
print(f, message)
local r
r, message = os.remove("files/x/")
print(r, message)
r, message = os.rename("files/x/", "files/y")
print(r, (message and message:gsub("^.*: ", "")))
print((io.open("files/x")) ~= nil)
