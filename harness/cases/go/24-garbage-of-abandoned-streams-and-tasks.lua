-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local function settle()
  local tries = 0
  repeat
    collectgarbage()
    collectgarbage()
    luago.sleep(0.01)
    tries = tries + 1
  until go.open() == 0 or tries == 200
end

-- Streams that nobody reads to their end.
for _ = 1, 100 do
  local stream = go.numbers(10)
  stream()
end
for _ = 1, 100 do go.ticks(10)() end
settle()
print("open", go.open())
print("told", #go.ends())

-- Tasks that nobody awaits run to their end all the same.
for n = 1, 100 do luago.spawn(go.send, "results", n) end
settle()
local sum = 0
for _ = 1, 100 do sum = sum + go.receive "results" end
print("sum", sum)

-- One that is kept alive only by what it waits for is not collected.
local done = false
luago.spawn(function()
  done = go.receive "late"
end)
settle()
go.send("late", true)
luago.sleep(0.01)
print("done", done)

-- Thousands of calls and streams leave nothing behind.
for _ = 1, 20 do
  for n = 1, 100 do luago.spawn(go.turns, n % 2) end
  for _ = 1, 100 do go.numbers(3)() end
  settle()
end
print("open", go.open(), go.add(1, 2))
