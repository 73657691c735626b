-- lua: 5.1-5.5

local function f() error("before\0after", 0) end
f()
