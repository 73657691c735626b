-- lua: 5.1-5.5

debug = nil
local function f() error("oops") end
f()
