-- lua: 5.2-5.5

collectgarbage("stop")
local keys = setmetatable({}, {__mode = "k"})
local values = setmetatable({}, {__mode = "v"})
do
  local o = setmetatable({}, {__gc = function(o) print("key", keys[o], "value", values[1]) end})
  keys[o] = "still there"
  values[1] = o
end
collectgarbage()
collectgarbage()
print(next(keys), next(values))
