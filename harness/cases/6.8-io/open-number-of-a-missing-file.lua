-- lua: 5.1-5.5

print(io.open("missing", "r"))
