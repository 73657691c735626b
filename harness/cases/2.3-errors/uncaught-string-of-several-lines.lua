-- lua: 5.1-5.5

local function f() error("line 1\nline 2\n\tline 3\n") end
f()
