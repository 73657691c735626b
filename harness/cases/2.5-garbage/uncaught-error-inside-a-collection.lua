-- lua: 5.4-5.5

warn("@off")
local function finalize() error("shown as a warning") end
local function work()
  setmetatable({}, {__gc = finalize})
  collectgarbage()
  print("goes on")
  error("the real error")
end
print(pcall(work))
warn("@off")
work()
