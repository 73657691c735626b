-- lua: 5.1-5.5

local t = {1, 2}
print(pcall(table.insert, t, 2^32 + 1, "x"))
print(t[1], t[2], t[3])
