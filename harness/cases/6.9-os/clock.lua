-- lua: 5.1-5.5

local a = os.clock()
print(type(a), math.type and math.type(a), a >= 0, a < 60)
local x = 0
for i = 1, 1000 do x = x + i end
local b = os.clock()
print(b >= a, select("#", os.clock("ignored", 1)))
