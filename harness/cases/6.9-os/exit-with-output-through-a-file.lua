-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
io.output(f)
io.write("into the file")
print("printed")
io.stdout:write("and written")
os.exit(27)
