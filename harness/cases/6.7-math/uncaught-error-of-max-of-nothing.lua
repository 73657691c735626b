-- lua: 5.1-5.5

local unpack = table.unpack or unpack
local function largest(t) return (math.max(unpack(t))) end
print(largest{3, 9, 4})
local co = coroutine.wrap(function(t)
  coroutine.yield(largest(t))
  largest{}
end)
print(co{1})
co()
