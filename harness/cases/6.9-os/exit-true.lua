-- lua: 5.2-5.5

io.write("out")
io.stderr:write("err")
os.exit(true)
