-- lua: 5.1-5.5

collectgarbage("stop")
local t = setmetatable({}, {__mode = "kv"})
local a, b = {}, {}
t[a] = b; t[{}] = b; t[b] = {}; t[1] = {}; t[2] = a; t.s = "s"
collectgarbage()
local n = 0
for _ in pairs(t) do n = n + 1 end
print(n, t[a] == b, t[b], t[1], t[2] == a, t.s)
for _, mode in ipairs {"", "x", "vk", "value", "kill"} do
  local w = setmetatable({{}}, {__mode = mode})
  w[{}] = true
  collectgarbage()
  local count = 0
  for _ in pairs(w) do count = count + 1 end
  print(mode, count)
end
