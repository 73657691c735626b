-- lua: 5.3-5.5

print(pcall(string.rep, "abcdefgh", 1 << 61))
print(pcall(string.rep, "ab", math.maxinteger))
print(pcall(string.rep, "ab", 1 << 62, "cd"))
print(pcall(string.rep, ("x"):rep(1000), 1 << 61))
print(pcall(string.rep, "x", math.mininteger))
print(pcall(string.rep, "ab", 2^63))
