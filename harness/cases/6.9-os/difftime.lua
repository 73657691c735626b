-- lua: 5.1-5.5

print(os.difftime(10, 4), os.difftime(4, 10), os.difftime(0, 0), os.difftime(2^40, 1))
local a = os.time{year = 2024, month = 3, day = 1, hour = 0}
local b = os.time{year = 2024, month = 2, day = 1, hour = 0}
print(os.difftime(a, b) / 86400, math.type and math.type(os.difftime(a, b)))
print(os.difftime("5", "3"))
print(pcall(os.difftime))
print(pcall(os.difftime, "x", 1))
print(pcall(os.difftime, 1, {}))
print(pcall(os.difftime, 5))
print(pcall(os.difftime, nil, 1))
