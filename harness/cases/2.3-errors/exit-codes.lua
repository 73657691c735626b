-- lua: 5.1-5.5

io.write("written ")
pcall(os.exit, 7)
print("not reached")
