-- lua: 5.1-5.5

print("before")
io.write("no newline")
os.exit()
print("never")
