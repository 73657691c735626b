-- lua: 5.1-5.5

debug.traceback = function(m) return "replaced: " .. tostring(m) end
local function f() error("oops") end
f()
