-- lua: 5.2-5.5

print(pcall(os.execute, {}))
print(pcall(os.execute, true))
print(pcall(os.execute, print))
