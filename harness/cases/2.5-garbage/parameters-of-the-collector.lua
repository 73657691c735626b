-- lua: 5.5

for _, name in ipairs {"minormul", "majorminor", "minormajor", "pause", "stepmul"} do
  print(name, collectgarbage("param", name), collectgarbage("param", name, 100), collectgarbage("param", name))
end
print(pcall(collectgarbage, "param"))
print(pcall(collectgarbage, "param", "nothing"))
print(pcall(collectgarbage, "param", "pause", "x"))
print(pcall(collectgarbage, "param", "pause", -1))
print(pcall(collectgarbage, "setpause", 100))
