-- lua: 5.1-5.5
-- go: scenarios,memory=256MiB
local luago = require "luago"
local go = require "scenarios"

local COUNT = 10000

-- All are alive at once: none of them goes on before the last one has begun.
local tasks = {}
for n = 1, COUNT do
  tasks[n] = luago.spawn(function()
    local got = go.receive "gate"
    return got + go.turns(n % 3)
  end)
end
while go.counted "receiving" < COUNT do luago.sleep(0) end
local waiting = 0
for n = 1, COUNT do
  if tasks[n]:status() == "waiting" then waiting = waiting + 1 end
end
print("waiting", waiting)
for n = 1, COUNT do go.send("gate", n) end

local sum = 0
for _, result in ipairs(luago.all(tasks)) do sum = sum + result end
local expected = COUNT * (COUNT + 1) / 2
for n = 1, COUNT do expected = expected + n % 3 end
print("every value once", sum == expected)

-- And cancelled at once.
for n = 1, COUNT do tasks[n] = luago.spawn(go.wait, "one of many") end
while go.counted "begun" < COUNT do luago.sleep(0) end
local cancelled = 0
for n = 1, COUNT do
  if tasks[n]:cancel() then cancelled = cancelled + 1 end
end
local ended = 0
while ended < COUNT do
  luago.sleep(0)
  ended = ended + #go.ends()
end
print("cancelled", cancelled, "ended", ended)
