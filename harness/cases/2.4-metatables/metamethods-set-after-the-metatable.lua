-- lua: 5.1-5.5

-- absence of a metamethod may be cached, and the cache must be emptied
local mt = {}
local t, u = setmetatable({}, mt), setmetatable({}, mt)
print(t.x, t == u, #t)
mt.__index = function() return "now" end
mt.__eq = function() return true end
mt.__len = function() return 9 end
mt.__newindex = function() end
t.y = 1
print(t.x, t == u, rawget(t, "y"), #t)
mt.__index, mt.__eq, mt.__newindex = nil, nil, nil
t.y = 2
print(t.x, t == u, t.y)
rawset(mt, "__index", {x = "raw"})
print(t.x)
