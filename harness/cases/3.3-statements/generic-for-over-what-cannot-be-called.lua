-- lua: 5.1-5.5

print(pcall(function() for x in 5 do end end))
print(pcall(function() for x in nil do end end))
print(pcall(function() for x in {} do end end))
print(pcall(function() for x in "s" do end end))
print(pcall(function() local t = {} for x in t.iterator do end end))
print(pcall(function() for x in undefined do end end))
print(pcall(function() for k, v in pairs(nil) do end end))
print(pcall(function() for k, v in ipairs() do end end))
local callable = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 if c < 3 then return c end end})
for i in callable do print(i) end
