-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local function say(text) print(text) end

-- Only the coroutine that called waits, and Go's timers go on beside Lua's.
local long = luago.spawn(function() say(go.sleep(150)) end)
local short = luago.spawn(function() say(go.sleep(10)) end)
local own = luago.spawn(function()
  luago.sleep(0.07)
  say("Lua slept 70 ms")
end)
say("nobody has slept yet")
luago.all(long, short, own)
say(long:status() .. " " .. short:status() .. " " .. own:status())
say(go.sleep(0))
