-- lua: 5.2-5.5

io.write("before\n")
print(pcall(io.close))
print("after", io.type(io.output()))
print(pcall(io.close, nil))
print(pcall(io.close, 1))
print(pcall(io.close, "files"))
