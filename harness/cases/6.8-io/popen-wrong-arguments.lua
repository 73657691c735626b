-- lua: 5.1-5.5

print(pcall(io.popen))
print(pcall(io.popen, nil))
print(pcall(io.popen, {}))
print(pcall(io.popen, print, "r"))
