-- lua: 5.1-5.5

local function show(t) for i = 1, #t do t[i] = tostring(t[i]) end print(table.concat(t, " ")) end
local function sorted(t, f) table.sort(t, f) show(t) end
sorted{}
sorted{1}
sorted{2, 1}
sorted{3, 1, 2}
sorted{5, 3, 9, 1, 1, 9, -2, 0, 3.5, -1/0, 1/0}
sorted{"b", "a", "B", "A", "", "aa", "10", "9", "z"}
sorted({5, 3, 9, 1, 7}, function(a, b) return a > b end)
sorted({"ccc", "a", "bb", ""}, function(a, b) return #a < #b end)
sorted({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return false end)
print(select("#", table.sort({1})))
local bytes = {"\200", "\127", "\0b", "\0a", "\0", ""}
table.sort(bytes)
for i, s in ipairs(bytes) do bytes[i] = #s .. ":" .. (s:byte(1, 1) or "none") end
show(bytes)
