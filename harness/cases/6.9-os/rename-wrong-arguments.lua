-- lua: 5.1-5.5

print(pcall(os.rename))
print(pcall(os.rename, "a"))
print(pcall(os.rename, {}, "b"))
print(pcall(os.rename, "a", {}))
print(pcall(os.rename, nil, nil))
print((select(2, os.rename("no-such-file", "other"))))
print((select(2, os.rename(1, 2))))
