-- lua: 5.1-5.5

io.stdout:write("o1\n")
io.stderr:write("e1\n")
io.stdout:write("o2\n")
io.stderr:write("e2")
os.exit(17)
