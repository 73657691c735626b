-- lua: 5.1-5.5

collectgarbage("stop")
local t = setmetatable({}, {__mode = "k"})
local key = {}
t[key] = "kept"; t[{}] = "lost"; t["string"] = "kept too"; t[1] = {}
collectgarbage()
local n = 0
for k, v in pairs(t) do n = n + 1 end
print(n, t[key], t.string, type(t[1]))
key = nil
collectgarbage()
n = 0
for k, v in pairs(t) do n = n + 1 end
print(n)
