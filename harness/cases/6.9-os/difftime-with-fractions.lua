-- lua: 5.3-5.5

print(pcall(os.difftime, 1.5, 1))
print(pcall(os.difftime, 2.0, 1.0))
print(pcall(os.difftime, 2^63, 0))
print(pcall(os.difftime, 1/0, 0))
