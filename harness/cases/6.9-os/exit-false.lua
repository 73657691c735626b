-- lua: 5.2-5.5

io.write("out")
os.exit(false)
