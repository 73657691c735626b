-- lua: 5.2, 5.4-5.5

print(pcall(collectgarbage, "incremental"))
print(pcall(collectgarbage, "generational"))
print(pcall(collectgarbage, "generational", 20, 100))
print(pcall(collectgarbage, "incremental", 100, 200, 10))
print(pcall(collectgarbage, "incremental"))
local t = {}
for i = 1, 100 do t[i] = setmetatable({}, {__mode = "k"}) end
print(pcall(collectgarbage, "generational"))
for i = 1, 100 do t[i] = {t[i - 1]} end
collectgarbage("step") collectgarbage()
print(#t, collectgarbage("count") > 0)
