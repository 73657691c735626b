-- lua: 5.1-5.5
-- args: x y

local function f(...) return select("#", ...) end
print(..., f(...), f())
local arg = arg
print(arg[0], arg[1], arg[2], arg[3], #arg)
do local arg = {"inner"} print(arg[1]) end
print(arg[1])
