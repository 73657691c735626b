-- lua: 5.1-5.5

print(io.open(""))
print(pcall(io.lines, ""))
print((loadfile("")))
print(os.remove(""))
