-- lua: 5.1-5.5

print(os.difftime(2^40, 2^33), os.date("!%Y-%m-%d %H:%M:%S", 2^35), os.date("!%Y", 2^32), os.date("!%Y", -2^33))
print(os.time{year = 2500, month = 1, day = 1, hour = 0}, os.time{year = 1700, month = 1, day = 1, hour = 0})
