-- lua: 5.1

print(pcall(os.exit, true))
print(pcall(os.exit, {}))
os.exit(false)
