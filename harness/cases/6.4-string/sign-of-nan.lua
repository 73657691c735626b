-- lua: 5.1-5.5

-- As x86 has it: 0/0 is a negative NaN.
local zero, inf = 0, 1/0
print(0/0, -(0/0), zero/zero, -(zero/zero), inf - inf, inf * 0, inf % 2, 2 % inf, (-1) ^ 0.5)
print(math.sqrt(-1), math.fmod(1, 0.0 + 1e-320 * 0 + 1), tostring(zero/zero), string.format("%f %g %5.1f", zero/zero, -(zero/zero), zero/zero))
