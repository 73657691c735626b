-- lua: 5.1-5.5

print(string.byte("A"), string.byte("ABC", 2), string.byte("ABC", -1), string.byte("ABC", 1, -1))
print(string.byte(""), string.byte("ABC", 4), string.byte("ABC", 0), string.byte("ABC", -4))
print(select("#", string.byte("")), select("#", string.byte("ABC", 3, 2)), select("#", string.byte("ABC", 0, 10)), select("#", string.byte("ABC", -10, 10)))
print(string.byte("\0\127\128\255", 1, 4))
print(string.byte("ABC", "2"), string.byte(123, 1), ("x"):byte(), string.byte("ABC", 2, nil), string.byte("ABC", nil, 2))
print(math.type and math.type(string.byte("A")))
print(pcall(string.byte))
print(pcall(string.byte, nil))
print(pcall(string.byte, "x", {}))
print(pcall(string.byte, "x", 1, "y"))
print(pcall(string.byte, "x", 1.5))
print(pcall(string.byte, ("x"):rep(100000), 1, -1) == true)
