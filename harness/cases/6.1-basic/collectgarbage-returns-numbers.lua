-- lua: 5.1-5.5

print(collectgarbage("collect"), math.type and math.type(collectgarbage("collect")))
print(math.type and math.type(collectgarbage("count")), collectgarbage("count") > 0)
print(pcall(collectgarbage, true))
print(pcall(collectgarbage, "Collect"))
print(pcall(collectgarbage, "collect", "x"))
print(select("#", collectgarbage("count")))
