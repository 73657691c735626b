-- lua: 5.1-5.5

print(math.modf(0/0))
