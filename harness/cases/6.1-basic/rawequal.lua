-- lua: 5.1-5.5

local mt = {__eq = function() return true end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
print(a == b, rawequal(a, b), rawequal(a, a))
print(rawequal(1, 1), rawequal(1, 1.0), rawequal("a", "a"), rawequal("1", 1), rawequal(nil, nil), rawequal(nil, false))
print(rawequal(0/0, 0/0), rawequal(-0.0, 0.0), rawequal(print, print), rawequal(2^53, 2^53 + 1))
print(pcall(rawequal))
print(pcall(rawequal, 1))
print(rawequal(1, 1, 2), rawequal(("x"):rep(100), ("x"):rep(100)))
