-- lua: 5.1-5.5

local function f() error(false) end
f()
