-- lua: 5.1-5.5

-- 5.1 asks debug.traceback of the script for the traceback.
debug.traceback = function(m) return "replaced: " .. tostring(m) end
local function fail() error("the message") end
print(debug.traceback("x"))
fail()
