-- lua: 5.1-5.3

collectgarbage() collectgarbage("stop")
local weak = setmetatable({{}, {}}, {__mode = "v"})
local steps = 0
repeat steps = steps + 1 until collectgarbage("step", 0) or steps > 100000
print(steps > 0, steps <= 100000)
repeat until collectgarbage("step", 1000)
print(weak[1], weak[2])
