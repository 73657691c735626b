-- lua: 5.1-5.5

io.write("no newline")
local function f() error(42) end
local function g() f() end
g()
