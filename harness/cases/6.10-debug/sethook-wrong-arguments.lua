-- lua: 5.1-5.5

print(pcall(debug.sethook, print))
print(pcall(debug.sethook, 1, "l"))
print(pcall(debug.sethook, print, {}))
print(pcall(debug.sethook, print, "l", "x"))
print(pcall(debug.sethook, {}, "l"))
debug.sethook()
print(debug.gethook())
