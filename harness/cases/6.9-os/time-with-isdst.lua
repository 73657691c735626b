-- lua: 5.1-5.5

local base = {year = 2020, month = 7, day = 1, hour = 12}
print(os.time(base))
base.isdst = false
print(os.time(base))
base.hour, base.day, base.month = 12, 1, 7
base.isdst = nil
print(os.time(base))
