-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local ok, e = pcall(go.leave)
print(ok, e.message)
print(e.stack:match("(main%.[%w_.]+)%b()\n%s+([^\n ]+)"))

local task = luago.spawn(go.leave)
ok, e = pcall(task.await, task)
print(ok, e.message, task:status())
print("deferred functions ran", go.counted "left")
