-- lua: 5.1-5.5
-- stdin: x = 1\nprint(x)

debug.debug()
print("after", x)
debug.debug()
print("end")
