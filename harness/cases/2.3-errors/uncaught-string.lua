-- lua: 5.1-5.5

print("before")
error("the message", 0)
