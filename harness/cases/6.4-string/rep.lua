-- lua: 5.1-5.5

print(string.rep("ab", 3), string.rep("ab", 1), string.rep("ab", 0), string.rep("ab", -1), string.rep("", 10), #string.rep("\0", 7), string.rep(12, 2))
print(string.rep("ab", 3, ","), string.rep("ab", 1, ","), string.rep("ab", 0, ","), string.rep("", 3, ","), string.rep("x", 2, ""), string.rep("x", 3, 0), string.rep("x", 2, nil))
print(#string.rep("x", 100000), #string.rep("xyz", 1000, "--"))
print(string.rep("x", "3"), string.rep("x", 2.0), string.rep("x", -2^31))
print(pcall(string.rep))
print(pcall(string.rep, "x"))
print(pcall(string.rep, "x", "y"))
print(pcall(string.rep, {}, 1))
print(pcall(string.rep, "x", 1.5))
print(pcall(string.rep, "x", 1, {}))
