-- lua: 5.1-5.5

debug.traceback = nil
local function f() error("oops") end
f()
