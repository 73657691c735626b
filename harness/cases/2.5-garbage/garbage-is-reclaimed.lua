-- lua: 5.1-5.5

collectgarbage() collectgarbage()
local before = collectgarbage("count")
local t = {}
for i = 1, 2000 do t[i] = ("x"):rep(100) .. i end
local full = collectgarbage("count")
t = nil
collectgarbage() collectgarbage()
local after = collectgarbage("count")
print(full > before + 200, after < before + 50)
for i = 1, 20000 do local s = "garbage" .. i .. ("y"):rep(50) end
print(collectgarbage("count") < after + 2000)
