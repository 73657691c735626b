-- lua: 5.1-5.5
-- go: scenarios,workers=4
local luago = require "luago"
local go = require "scenarios"

-- Results come in the order of the tasks, whichever worker had them.
local tasks = {}
for n = 0, 9 do tasks[#tasks + 1] = luago.spawn(go.primes, n * 1000, (n + 1) * 1000) end
local found = luago.all(tasks)
local total = 0
for _, count in ipairs(found) do total = total + count end
print(table.concat(found, " "))
print("primes below 10000", total)

-- Four tasks at once are in four instances.
tasks = {}
for n = 1, 4 do tasks[n] = luago.spawn(go.instance, 50) end
local seen, instances = {}, 0
for _, id in ipairs(luago.all(tasks)) do
  if not seen[id] then instances = instances + 1 end
  seen[id] = true
end
print("instances", instances)

-- One that dies takes its own tasks with it, and no others.
local others = {}
for n = 1, 3 do others[n] = luago.spawn(go.sleep, 40) end
luago.sleep(0.01)
local ok, e = pcall(go.exit, 1)
print(ok, tostring(e):match("os.Exit%(1%)"))
print(luago.all(others[1], others[2], others[3]))
print(pcall(go.primes, 0, 100))
