-- lua: 5.3-5.5

local function show(t, n) local o = {} for i = 1, n do o[i] = tostring(t[i]) end print(table.concat(o, " ")) end
show(table.move({1, 2, 3, 4, 5}, 1, 3, 3), 6)
show(table.move({1, 2, 3, 4, 5}, 3, 5, 1), 6)
show(table.move({1, 2, 3}, 1, 3, 2), 5)
show(table.move({1, 2, 3}, 1, 0, 2), 4)
local a, b = {1, 2, 3}, {"x"}
print(table.move(a, 1, 3, 2, b) == b, #b, #a)
show(b, 5)
print(table.move(a, 1, 3, 1) == a, table.move(a, 2, 3, 1, a) == a)
show(a, 3)
show(table.move({1, nil, 3}, 1, 3, 1, {9, 9, 9, 9}), 4)
show(table.move({[-1] = "m", [0] = "z", "p"}, -1, 1, 1), 4)
