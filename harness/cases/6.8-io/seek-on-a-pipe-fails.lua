-- lua: 5.1-5.5

local p, message, code = io.stdout:seek()
print(p, type(message), type(code))
p, message = io.stderr:seek("end")
print(p, type(message))
p, message = io.stdout:seek("set", 1)
print(p, type(message))
