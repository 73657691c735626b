-- lua: 5.3-5.5

local function show(t)
  local v = os.time(t)
  print(v, ("%d-%d-%d %d:%d:%d wday=%d yday=%d dst=%s"):format(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, tostring(t.isdst)))
end
show{year = 2020, month = 14, day = 1, hour = 0}
show{year = 2020, month = 0, day = 1, hour = 0}
show{year = 2020, month = -11, day = 1}
show{year = 2020, month = 3, day = 0}
show{year = 2019, month = 2, day = 29}
show{year = 2020, month = 1, day = 400}
show{year = 2020, month = 1, day = 1, hour = 25, min = 61, sec = 61}
show{year = 2020, month = 1, day = 1, hour = -1, min = -1, sec = -1}
show{year = 2020, month = 1, day = 1, hour = 0, sec = 1000000}
show{year = 2020, month = 1, day = -365, hour = 0, wday = 99, yday = 99}
