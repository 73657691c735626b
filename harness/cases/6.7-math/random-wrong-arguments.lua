-- lua: 5.1-5.5

print(pcall(math.random, 0) == true, select(2, pcall(math.random, -1)))
print(pcall(math.random, 2, 1))
print(pcall(math.random, 1, 2, 3))
print(pcall(math.random, "x"))
print(pcall(math.random, 1, {}))
print(pcall(math.random, nil))
print(pcall(math.random, 1, nil))
