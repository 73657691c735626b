-- lua: 5.1-5.5

print(math.log(-1), math.acos(2), math.asin(-2))
