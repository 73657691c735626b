-- lua: 5.3-5.5

local s = "aä€😀\0z"
print(utf8.len(s), utf8.len(""), utf8.len("abc"), utf8.len("ä"), utf8.len("\0"), math.type(utf8.len(s)))
for _, a in ipairs{{1, 1}, {2}, {3}, {4, 4}, {4, 6}, {4, 7}, {5}, {-1}, {-2}, {-5, -3}, {12}, {13}, {14}, {0}, {-100}, {1, 0}, {1, 100}, {5, 4}, {1, -100}, {"2", "3"}, {2.0}, {1.5}} do
  print(a[1], a[2], pcall(utf8.len, s, a[1], a[2]))
end
print(pcall(utf8.len))
print(pcall(utf8.len, nil))
print(pcall(utf8.len, s, {}))
print(pcall(utf8.len, s, 1, "x"))
print(utf8.len(12345), utf8.len("", 1), pcall(utf8.len, "", 2))
print(pcall(utf8.len, s, math.maxinteger))
print(pcall(utf8.len, s, 1, math.mininteger))
