-- lua: 5.4-5.5

warn("@on")
io.stdout:write("out 1\n")
io.stdout:write("out 2\n")
warn("@off"); warn("hidden")
local function f() error("then an error") end
f()
