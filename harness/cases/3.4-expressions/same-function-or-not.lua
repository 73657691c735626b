-- lua: 5.1-5.5

-- 5.2 and 5.3 may give the same closure again.
local list = {}
for i = 1, 3 do list[i] = function() return 1 end end
print(list[1] == list[2], list[2] == list[3])
local up = {}
for i = 1, 3 do up[i] = function() return i end end
print(up[1] == up[2])
local shared, x = {}, 5
for i = 1, 3 do shared[i] = function() return x end end
print(shared[1] == shared[2])
local function make() return function() return make end end print(make() == make())
