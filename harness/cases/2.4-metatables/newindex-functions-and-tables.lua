-- lua: 5.1-5.5

local store = {}
local t = setmetatable({old = 1}, {__newindex = store})
t.old = 2; t.new = 3
print(rawget(t, "old"), rawget(t, "new"), store.old, store.new)
local log = {}
local f = setmetatable({x = 1}, {__newindex = function(t, k, v) log[#log + 1] = tostring(k) .. "=" .. tostring(v) end})
f.x = 2; f.y = 3; f.y = 4; f.z = nil; f.x = nil; f.x = 7
print(f.x, f.y, rawget(f, "y"), #log)
for i, v in ipairs(log) do print(i, v) end
local chain = setmetatable({}, {__newindex = setmetatable({}, {__newindex = store})})
chain.deep = "stored"
print(store.deep, rawget(chain, "deep"))
print(pcall(function() setmetatable({}, {__newindex = 5}).x = 1 end))
print(pcall(function() setmetatable({}, {__newindex = "s"}).x = 1 end))
