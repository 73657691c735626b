-- lua: 5.3-5.5

-- Exact, without rounding of the integer.
local max, min = math.maxinteger, math.mininteger
print(max < 2^63, max <= 2^63, max == 2^63, max + 0.0 == 2^63, max > 2^63, 2^63 > max, 2^63 >= max, max ~= 2^63)
print(min == -2^63, min < -2^63, min <= -2^63, min >= -2^63, -2^63 < min, min < -2^63 - 5000)
print(2^53 == (1 << 53), 2^53 < (1 << 53) + 1, (1 << 53) + 1 == 2^53, (1 << 53) + 1 <= 2^53, (1 << 53) + 1 > 2^53)
for _, x in ipairs{1/0, -1/0, 0/0} do print(max < x, max > x, min < x, min > x, x < max, x <= min, max == x, x == x) end
print(1 < 1.5, 1.5 < 2, 2 <= 1.5, -1 < -0.5, -0.5 < 0, 0 < 5e-324, 1 == 1.0, math.type(1) == math.type(1.0))
local t = {[1] = "one"} print(t[1.0], t[2^53 - (2^53 - 1)])
