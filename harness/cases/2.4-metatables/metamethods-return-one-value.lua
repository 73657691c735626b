-- lua: 5.1-5.5

local mt = {}
mt.__add = function() return 1, 2, 3 end
mt.__index = function() return "a", "b" end
mt.__call = function() return "x", "y", "z" end
mt.__len = function() return 5, 6 end
mt.__unm = function() end
mt.__concat = function() end
mt.__lt = function() return 1, 2 end
mt.__eq = function() return nil end
local t, u = setmetatable({}, mt), setmetatable({}, mt)
print(t + 1, (t + 1))
print(t.key)
print(t())
print(-t, t .. "x")
print(t < u, not (t < u), t == u, t ~= u)
print(#t)
