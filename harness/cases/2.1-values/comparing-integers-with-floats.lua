-- lua: 5.3-5.5

local max = math.maxinteger
print(max == 2^63, max < 2^63, max <= 2^63, max > 2^63)
print(2^53 == 2^53 + 1, 2^53|0 == (2^53|0) + 1, (2^53|0) + 1 == 2^53)
print((2^53|0) + 1 > 2^53, (2^53|0) + 1 <= 2^53)
print(math.mininteger == -2^63, math.mininteger <= -2^63, math.mininteger < -2^63)
print(1 < 1.5, 1 <= 0.9, 2 > 1.5, -1 < -0.5)
print(1 < 0/0, 1 > 0/0, 1 == 0/0, max < 1/0, math.mininteger > -1/0)
