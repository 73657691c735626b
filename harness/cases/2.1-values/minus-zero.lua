-- lua: 5.1-5.5

local zero = 0.0
local minus = -zero
print(zero == minus, 1 / zero, 1 / minus)
print(minus, minus + 0, minus * 1, 0.0 - zero, -0.0)
local t = {}
t[minus] = "under minus zero"
print(t[0], t[zero], next(t))
print(1 / (0.0 * -1), 1 / math.abs(minus), 1 / (minus + zero))
