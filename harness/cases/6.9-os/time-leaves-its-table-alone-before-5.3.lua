-- lua: 5.1-5.2

local t = {year = 2020, month = 14, day = -3, hour = 30, sec = 100}
print(os.time(t))
print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst)
print(os.time{year = 2020, month = 1.9, day = 1.5, hour = 0})
