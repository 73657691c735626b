-- lua: 5.1-5.5

local t = {"a"}
table.insert(t, nil)
print(#t, t[2])
print(pcall(table.insert, t, nil, nil))
print(#t)
table.insert(t, 1, nil)
print(t[1], t[2], t[3])
