-- lua: 5.1-5.2

print(os.date("!%H:%M:%S", 1.9), os.date("!%S", 59.999))
