-- lua: 5.1-5.5

print("a")
io.write("b\n")
io.stdout:write("c\n")
print("d")
io.stdout:setvbuf("no")
io.write("e\n")
print("f")
io.stdout:setvbuf("full")
print("g")
io.write("h")
io.flush()
io.stdout:write("\n")
