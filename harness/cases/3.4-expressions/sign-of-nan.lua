-- lua: 5.1-5.5

local zero, inf = 0, 1/0
print(zero / zero, -(zero / zero), inf - inf, inf * zero, tostring(0/0), tostring(-(0/0)))
print(inf % 2, 0/0 + 1, (0/0) * -1, inf - inf + 0, (-1) ^ 0.5, math.sqrt(-1), math.huge - math.huge)
print(string.format("%f %g %5.1f %e", 0/0, 0/0, -(0/0), zero / zero))
