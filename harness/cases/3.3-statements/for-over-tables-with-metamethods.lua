-- lua: 5.2-5.5

local t = setmetatable({}, {__pairs = function(t) return function(_, k) k = (k or 0) + 1 if k <= 3 then return k, k * k end end, t, nil end})
for k, v in pairs(t) do io.write(k, "=", v, " ") end print()
local proxy = setmetatable({}, {__index = function(_, i) if i <= 3 then return "v" .. i end end})
for i, v in ipairs(proxy) do io.write(i, "=", v, " ") end print()
print(pcall(function() for k in pairs(setmetatable({}, {__pairs = function() error("in __pairs") end})) do end end))
print(pcall(function() for k in pairs(setmetatable({}, {__pairs = 5})) do end end))
print(pcall(function() for i in ipairs(setmetatable({}, {__index = function(_, i) error("at " .. i) end})) do end end))
