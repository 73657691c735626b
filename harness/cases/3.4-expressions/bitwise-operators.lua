-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(6 & 3, 6 | 3, 6 ~ 3, ~6, ~0, ~max == min, -1 & 0xff, -1 ~ 5, max | min, max & min, max ~ min)
for _, n in ipairs{0, 1, 31, 32, 62, 63, 64, 65, 1000, max, -1, -63, -64, -65, min, min + 1} do
  print(n, 1 << n, -1 << n, -1 >> n, min >> n, max << n, 0xff >> n)
end
