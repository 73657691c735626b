-- lua: 5.1-5.5

local function f(e) error(e) end
f(f)
