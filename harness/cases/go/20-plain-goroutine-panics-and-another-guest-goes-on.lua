-- lua: 5.1-5.5
-- go: scenarios
-- go: other=scenarios
local luago = require "luago"
local go = require "scenarios"
local other = require "other"

local sleeper = luago.spawn(other.sleep, 30)
local waiter = luago.spawn(go.wait, "in the guest that dies")
luago.sleep(0.005)

local function first_line(e) return (tostring(e):match("^[^\n]*")) end

local ok, e = pcall(go.crash_alone, "nobody recovers this")
print(ok, first_line(e))
ok, e = pcall(waiter.await, waiter)
print(ok, first_line(e))
ok, e = pcall(go.add, 1, 2)
print(ok, first_line(e))

print(other.add(1, 2), sleeper:await())
