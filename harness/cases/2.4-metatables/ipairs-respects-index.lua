-- lua: 5.1-5.5

local t = setmetatable({"own"}, {__index = function(_, i) if i <= 4 then return "index " .. i end end})
for i, v in ipairs(t) do print(i, v) end
local p = setmetatable({}, {__index = {10, 20, 30}})
for i, v in ipairs(p) do print(i, v) end
print(pcall(function() for _ in ipairs("abc") do print("never") end return "strings" end))
print(pcall(function() for _ in ipairs(nil) do end end))
print(pcall(function() for _ in ipairs() do end end))
print(pcall(function() for i, v in ipairs(5) do end end))
