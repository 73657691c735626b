-- lua: 5.1-5.3

local function with(gc)
  if newproxy then getmetatable(newproxy(true)).__gc = gc else setmetatable({}, {__gc = gc}) end
end
with(function() error("failed") end)
print(pcall(collectgarbage))
with(function() local x = nil + 1 end)
print(pcall(collectgarbage))
with(function() error({}) end)
print(type(select(2, pcall(collectgarbage))))
with(function() error("level 0", 0) end)
print(pcall(collectgarbage, "collect"))
print(pcall(collectgarbage))
