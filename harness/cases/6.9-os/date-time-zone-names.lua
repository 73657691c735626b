-- lua: 5.1-5.5

print(os.date("%Z", 0), os.date("%z", 0), os.date("!%z", 0))
