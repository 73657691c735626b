-- lua: 5.1-5.5

debug.traceback = nil
debug = nil
local function f() error("raised") end
f()
