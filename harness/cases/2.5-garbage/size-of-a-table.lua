-- lua: 5.1-5.5

-- objects are smaller on a 32-bit machine
collectgarbage() collectgarbage("stop")
local keep = {}
for i = 1, 1000 do keep[i] = false end
local before = collectgarbage("count")
for i = 1, 1000 do keep[i] = {} end
print(math.floor((collectgarbage("count") - before) * 1024 / 1000 + 0.5))
