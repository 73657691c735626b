-- lua: 5.2-5.3

-- C does not say which argument is checked first.
print(pcall(bit32.lshift))
print(pcall(bit32.rshift))
