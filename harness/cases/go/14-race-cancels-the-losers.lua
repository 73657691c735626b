-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local slow = luago.spawn(go.wait, "slow")
local slower = luago.spawn(function() go.wait "slower" end)
local quick = luago.spawn(go.sleep, 10)
print(luago.race(slow, slower, quick))
print(slow:status(), slower:status(), quick:status())
luago.sleep(0.01)
local ends = go.ends()
table.sort(ends)
for _, text in ipairs(ends) do print("  " .. text) end

-- An error wins, too.
local bad = luago.spawn(go.load, "plain")
slow = luago.spawn(go.wait, "beside an error")
local ok, e = pcall(luago.race, slow, bad)
print(ok, tostring(e), slow:status())

-- And so does an error among all.
bad = luago.spawn(function() go.sleep(5) go.load "plain" end)
slow = luago.spawn(go.wait, "among all")
ok, e = pcall(luago.all, slow, bad)
print(ok, tostring(e), slow:status())
luago.sleep(0.01)
for _, text in ipairs(go.ends()) do print("  " .. text) end
