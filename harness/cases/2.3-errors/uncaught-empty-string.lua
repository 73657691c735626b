-- lua: 5.1-5.5

local function f() error("", 0) end
f()
