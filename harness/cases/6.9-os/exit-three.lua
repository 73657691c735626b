-- lua: 5.1-5.5

print("three")
os.exit(3)
