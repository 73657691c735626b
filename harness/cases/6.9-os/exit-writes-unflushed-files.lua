-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:setvbuf("full", 4096)
f:write("pending")
print(io.open("files/x"):read("*a"))
io.stdout:setvbuf("full")
io.write("buffered output")
os.exit(16)
