-- lua: 5.1-5.5

print(pcall(math.random, 2^40, 2^40))
