-- lua: 5.1-5.5
-- go: scenarios,call=note
local luago = require "luago"
local go = require "scenarios"

function note(channel, first, n)
  print(channel, first and "ping" or "pong", n)
end

local ping = luago.spawn(go.ping, "table", 4)
local pong = luago.spawn(go.pong, "table", 4)
print("last", luago.all(ping, pong))

-- Lua sends and receives, too.
local receiver = luago.spawn(function()
  local sum = 0
  for _ = 1, 5 do sum = sum + go.receive "numbers" end
  return sum
end)
for n = 1, 5 do
  go.send("numbers", n)
  print("sent", n)
end
print("sum", receiver:await())
