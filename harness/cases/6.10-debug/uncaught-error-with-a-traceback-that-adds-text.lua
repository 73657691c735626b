-- lua: 5.1-5.5

local real = debug.traceback
debug.traceback = function(message, level) return tostring(message) .. "\n(seen at level " .. level .. ")" end
local function f() error("raised") end
f()
