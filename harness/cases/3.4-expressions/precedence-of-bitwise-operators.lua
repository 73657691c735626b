-- lua: 5.3-5.5

print(1 | 2 & 3, 1 | 2 ~ 3, 1 ~ 2 & 3, 1 << 2 + 1, 1 + 1 << 2, 1 << 2 << 3, 256 >> 2 >> 1, ~1 + 1, ~(1 + 1), -1 >> 63, 2 ^ 3 | 1)
print(1 | (2 == 3 and 4 or 8), (1 | 2) == 3, (5 & 3) == 1, #"abc" .. 1, 7 // 2 * 2, 7 % 4 // 2, ~0 == -1, not ~0, #"abc" << 1, ~#"abc", - ~ 5, ~ - 5)
print(pcall(load "return 1 < 2 | 1"))
print(pcall(load "return 1 | 2 < 4"))
print(pcall(load "return 1 | 2 == 3"))
print(pcall(load "return 1 .. 2 | 4"))
print(pcall(load "return '1' .. 1 << 1"))
