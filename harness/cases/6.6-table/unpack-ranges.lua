-- lua: 5.1-5.5

local unpack = table.unpack or unpack
print(unpack{})
print(unpack{1, 2, 3})
print(unpack({1, 2, 3}, 2))
print(unpack({1, 2, 3}, 2, 5))
print(unpack({1, 2, 3}, -1, 1))
print(unpack({1, 2, 3}, 3, 2))
print((unpack{1, 2, 3}))
print(select("#", unpack({}, 1, 0)), select("#", unpack({}, 1, 3)), select("#", unpack({n = 3})))
print(unpack({1, 2}, "1", "2"))
print(unpack({1, 2, 3}, nil, 2))
print(pcall(unpack))
print(pcall(unpack, nil))
print(pcall(unpack, {}, "x"))
print(pcall(unpack, {}, 1, {}))
