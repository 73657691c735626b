-- lua: 5.4-5.5

print(pcall(io.popen, "true", "rw"))
