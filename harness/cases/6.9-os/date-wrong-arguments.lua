-- lua: 5.1-5.5

print(pcall(os.date, {}))
print(pcall(os.date, true))
print(pcall(os.date, "!%Y", "x"))
print(pcall(os.date, "!%Y", {}))
print(pcall(os.date, "!%Y", nil) == true)
print(pcall(os.date, "!%Y", "86400"))
print(pcall(os.date, 5, 0))
print(pcall(os.date, print, 0))
