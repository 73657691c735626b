-- lua: 5.3-5.5

print(math.type(1), math.type(1.0), math.type("1"), math.type(nil), math.type({}), math.type(true))
print(math.type(2^31), math.type(1 // 1), math.type(1 / 1), math.type(3 // 1.0), math.type(7 % 2), math.type(1e3))
print(math.type(0x7fffffffffffffff + 1), math.type(9223372036854775807), math.type(9223372036854775808))
print(math.type(math.huge), math.type(-(0/0)), math.type(10 // 0.0))
print(pcall(math.type))
print(select("#", math.type("x")))
