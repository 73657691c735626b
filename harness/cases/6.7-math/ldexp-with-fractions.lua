-- lua: 5.4-5.5

print(pcall(math.ldexp, 1, 2.5))
print(pcall(math.ldexp, 1, 2.0))
print(pcall(math.ldexp, 1, 1e100))
print(pcall(math.ldexp, 1, -2000))
print(pcall(math.ldexp, 1, 2000))
