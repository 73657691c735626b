local luago = require "luago"
local fanout = require "fanout"

-- One task for each part of the range; with workers they run on several cores.
local size, parts = 10000, 20
local tasks = {}
for i = 1, parts do
  tasks[i] = luago.spawn(fanout.primes, (i - 1) * size, i * size)
end

local total = 0
for _, task in ipairs(tasks) do
  total = total + task:await()
end
print("primes below " .. parts * size, total)

-- The first of several wins; the others are not needed any more.
local first = luago.race(
  luago.spawn(fanout.mine, "luago", 2),
  luago.spawn(fanout.mine, "luago", 8)
)
print("mined", first.number, first.hash:sub(1, 8))

-- What takes too long can be cancelled.
local slow = luago.spawn(fanout.primes, 0, 1000000000)
luago.sleep(0.01)
slow:cancel("nobody waits for it")
local ok, e = pcall(slow.await, slow)
print("cancelled", not ok, tostring(e):match("nobody waits for it") or e)
