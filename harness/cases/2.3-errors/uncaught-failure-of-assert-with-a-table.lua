-- lua: 5.1-5.5

print(pcall(assert, nil, nil))
assert(false, {"a table"})
