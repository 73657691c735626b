-- lua: 5.1-5.5

local function say(x) print("evaluated", x) return x end
for i = say(1), say(3), say(2) do print(i) end
for i = say(3), say(1) do print(i) end
local function iterate(t) print "made" return function(t, i) i = i + 1 if t[i] then return i, t[i] end end, t, 0 end
for i, v in iterate{"a", "b"} do print(i, v) end
