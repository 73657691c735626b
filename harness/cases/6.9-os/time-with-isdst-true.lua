-- lua: 5.1-5.5

-- there is no daylight saving time, so what says that it is in it is an hour earlier
local base = {year = 2020, month = 7, day = 1, hour = 12}
local plain = os.time(base)
local t = {year = 2020, month = 7, day = 1, hour = 12, isdst = true}
print(os.time(t) - plain, t.hour, t.isdst)
print(os.time {year = 2024, month = 1, day = 1, hour = 0, isdst = true})
print(os.time {year = 2024, month = 2, day = 30, hour = -5, min = 70, sec = -1, isdst = true})
print(os.date("!%H:%M", os.time {year = 1970, month = 1, day = 2, hour = 1, isdst = true}))
