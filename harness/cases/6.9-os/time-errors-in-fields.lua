-- lua: 5.1-5.5

print(pcall(os.time, {}))
print(pcall(os.time, {year = 2020}))
print(pcall(os.time, {year = 2020, month = 1}))
print(pcall(os.time, {month = 1, day = 1}))
print(pcall(os.time, {year = "x", month = 1, day = 1}))
print(pcall(os.time, {year = 2020, month = {}, day = 1}))
print(pcall(os.time, {year = 2020, month = 1, day = true}))
print(pcall(os.time, 5))
print(pcall(os.time, "now"))
print(pcall(os.time, {year = 2020, month = 1, day = 1, hour = 0, min = 0, sec = 0, extra = {}}))
print(type(os.time(nil)))
