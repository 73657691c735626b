-- lua: 5.1-5.5

debug.debug()
print("end")
