-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local function waiting(name)
  local task = luago.spawn(go.wait, name)
  luago.sleep(0.005)
  return task
end
local function ends()
  luago.sleep(0.005)
  for _, text in ipairs(go.ends()) do print("  " .. text) end
end

local task = waiting "no reason"
print(task:status(), task:cancel(), task:status())
ends()

task = waiting "with a reason"
print(task:cancel("the user has left"))
print(select(2, pcall(task.await, task)):match("the task was cancelled.*"))
ends()

-- A task that waits for the cancelled one is told.
task = waiting "awaited"
local other = luago.spawn(function() return task:await() end)
luago.sleep(0.005)
task:cancel("not needed")
local ok, why = pcall(other.await, other)
print(ok, (why:gsub("^.-:%d+: ", "")), other:status())
ends()

-- What has ended cannot be cancelled.
task = luago.spawn(go.add, 1, 2)
print(task:await(), task:cancel("late"), task:status())
