-- lua: 5.1-5.5

local function f() error(("long "):rep(1000) .. "end") end
f()
