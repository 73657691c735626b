-- lua: 5.1-5.5
-- go: scenarios,restart=on-failure
-- go: mortal=scenarios
local luago = require "luago"
local go = require "scenarios"
local mortal = require "mortal"

print("calls", go.count "calls", go.count "calls", mortal.count "calls")

-- What runs beside the exit ends with it.
local beside = luago.spawn(go.wait, "beside")
luago.sleep(0.005)
local ok, e = pcall(go.exit, 3)
print(ok, tostring(e))
ok, e = pcall(beside.await, beside)
print(ok, tostring(e))

-- Its memory is new.
print("calls", go.count "calls", go.count "calls")
print(#go.ends(), "ended")

-- One that may not start again says so, each time.
print(pcall(mortal.exit, 0))
print(pcall(mortal.count, "calls"))
print(pcall(mortal.sleep, 1))
print("calls", go.count "calls")
