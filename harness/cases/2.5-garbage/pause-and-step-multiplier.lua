-- lua: 5.1-5.4

print(collectgarbage("setpause", 150), collectgarbage("setpause", 200))
print(collectgarbage("setstepmul", 300), collectgarbage("setstepmul", 200))
print(collectgarbage("setpause", 100), collectgarbage("setpause"), collectgarbage("setpause", 1000))
print(collectgarbage("setpause", 0))
print(pcall(collectgarbage, "setpause", "x"))
print(pcall(collectgarbage, "setpause", {}))
