-- lua: 5.1

print(pcall(os.execute, {}))
