-- lua: 5.1

print(unpack({1, 2, 3})) print(unpack({1, nil, 3}, 1, 3)) print(unpack({1, 2, 3}, 2)) print(unpack({1, 2, 3}, 2, 2))
print(unpack({}, 1, 0)) print(unpack({}, 5, 3)) print(unpack({}, 1, 2)) print(unpack({1, 2}, -1, 1)) print(unpack({[0] = 0}, 0, 1))
print(pcall(unpack)) print(pcall(unpack, 5)) print(pcall(unpack, "x")) print(pcall(unpack, {}, "x")) print(pcall(unpack, {}, 1, {}))
print(pcall(unpack, {}, 1, 1e7)) print(pcall(unpack, {}, 1, 1e8)) print(select("#", unpack({}, 1, 5000)))
print(unpack({1, 2, 3}, 1.9, 2.9)) print(unpack({1, 2}, nil, nil))
