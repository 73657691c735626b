-- lua: 5.1-5.5

print(collectgarbage(), collectgarbage("collect"), collectgarbage(nil))
local kb = collectgarbage("count")
print(type(kb), kb > 1, kb < 1000, collectgarbage("count") >= kb)
print(pcall(collectgarbage, "nothing"))
print(pcall(collectgarbage, ""))
print(pcall(collectgarbage, 5))
print(pcall(collectgarbage, {}))
print(collectgarbage("stop"), collectgarbage("restart"))
print(type(collectgarbage("step", 0)), type(collectgarbage("step", 1e6)))
print(pcall(collectgarbage, "step", "x"))
