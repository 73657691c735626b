-- lua: 5.3-5.5

print(pcall(os.exit, 2.5))
print(pcall(os.exit, 2^63))
os.exit(4.0)
