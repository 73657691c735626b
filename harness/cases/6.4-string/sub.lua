-- lua: 5.1-5.5

local s = "hello"
for _, a in ipairs{{1}, {2}, {5}, {6}, {0}, {-1}, {-5}, {-6}, {1, 1}, {1, 0}, {2, -2}, {3, 2}, {-3, -2}, {-2, -3}, {0, 0}, {-10, 10}, {4, 100}, {100, 200},
    {-100, -50}, {"2", "3"}, {2.0, 3.0}, {1, -6}, {1, -5}} do
  print(a[1], a[2], string.format("%q", a[2] and string.sub(s, a[1], a[2]) or string.sub(s, a[1])))
end
print(string.sub("", 1), string.sub("", 0, 0), string.sub("", -1, 1), #string.sub("a\0b\0", 2, 4), string.sub(12345, 2, -2), ("x"):sub(1))
print(pcall(string.sub))
print(pcall(string.sub, "x"))
print(pcall(string.sub, "x", nil))
print(pcall(string.sub, "x", {}))
print(pcall(string.sub, "x", 1, {}))
print(pcall(string.sub, "x", "a"))
print(pcall(string.sub, "hello", 1.5, 2.5))
print(pcall(string.sub, nil, 1))
print(string.sub("x", 1, nil))
