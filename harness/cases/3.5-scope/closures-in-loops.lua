-- lua: 5.1-5.5

-- Each round of a loop has its own variables.
local fs = {}
for i = 1, 3 do fs[#fs + 1] = function() return i end end
for _, v in ipairs{"a", "b"} do fs[#fs + 1] = function() v = v .. "!" return v end end
local j = 0
while j < 2 do j = j + 1 local k = j fs[#fs + 1] = function() k = k + 10 return j, k end end
repeat local r = #fs fs[#fs + 1] = function() return r end until r > 8
for i = 1, #fs do print(i, fs[i]()) end
for i = 4, 7 do print(i, fs[i]()) end
