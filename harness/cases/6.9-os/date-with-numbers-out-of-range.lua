-- lua: 5.3-5.5

print(pcall(os.date, "!%Y", 1.5))
print(pcall(os.date, "!%Y", 2.0))
print(pcall(os.date, "!%Y", 2^63))
print(pcall(os.date, "!%Y", 0/0))
print(pcall(os.date, "!%Y", 253402300799))
print(pcall(os.date, "!*t", math.maxinteger))
print(pcall(os.date, "!%Y", math.mininteger))
print(pcall(os.date, "!%m-%d", -62167219200))
