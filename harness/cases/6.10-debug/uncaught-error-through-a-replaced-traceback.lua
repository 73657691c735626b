-- lua: 5.1-5.5

-- the standalone interpreter of 5.1 asks debug.traceback, later ones do not
local real = debug.traceback
debug.traceback = function(message, level) return "changed: " .. tostring(message) end
local function f() error("raised") end
f()
