-- lua: 5.1-5.5

local function t(y, m, d, h, mi, s) return os.time{year = y, month = m, day = d, hour = h, min = mi, sec = s} end
print(t(1970, 1, 1, 0, 0, 0), t(2000, 1, 1, 0, 0, 0), t(2024, 2, 29, 23, 59, 59), t(2038, 1, 19, 3, 14, 8))
print(t(1969, 12, 31, 23, 59, 58), t(1900, 1, 1, 0), t(2100, 3, 1, 12))
print(t(2020, 5, 17), t(2020, 5, 17, 12, 0, 0), t(2020, 5, 17, 0))
print(math.type and math.type(t(2000, 1, 1)))
print(os.time{year = "2001", month = "02", day = "3", hour = "4", min = " 5 ", sec = "0x6"})
print(type(os.time()), os.time() > 1600000000, os.time() == math.floor(os.time()))
