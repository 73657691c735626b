-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local task = luago.spawn(go.wait, "never begun")
print(task:status(), task:cancel(), task:status())
print(pcall(task.await, task))
print("cancelled twice", task:cancel())
luago.sleep(0.01)
print("begun", go.counted "begun", "ended", #go.ends())

-- The same for one that Lua has begun and Go has not.
task = luago.spawn(function() go.wait "begun" end)
luago.sleep(0)
print(task:status(), task:cancel("enough"), task:status())
luago.sleep(0.01)
print("begun", go.counted "begun")
for _, text in ipairs(go.ends()) do print(text) end
