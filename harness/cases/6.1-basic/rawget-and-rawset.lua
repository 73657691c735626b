-- lua: 5.1-5.5

local log = {}
local t = setmetatable({}, {__index = function() log[#log + 1] = "index" return 1 end, __newindex = function() log[#log + 1] = "newindex" end})
print(rawget(t, "x"), rawset(t, "x", 5) == t, rawget(t, "x"), t.x, #log)
print(rawget(t, nil), rawget(t, 0/0), rawget(t, {}))
print(pcall(rawset, t, nil, 1))
print(pcall(rawset, t, 0/0, 1))
print(pcall(rawget))
print(pcall(rawget, "string", 1))
print(pcall(rawget, t))
print(pcall(rawset, t))
print(pcall(rawset, t, 1))
print(pcall(rawset, 5, 1, 1))
print(select("#", rawset(t, 1, 2, 3)), rawget(t, 1, "extra"))
rawset(t, 1.0, "float key"); print(rawget(t, 1))
