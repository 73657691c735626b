-- lua: 5.3-5.5

local s = "aä€😀\0z"
print(utf8.codepoint(s), utf8.codepoint(s, 2), utf8.codepoint(s, 4), utf8.codepoint(s, 7), utf8.codepoint(s, -1))
print(utf8.codepoint(s, 1, -1))
print(utf8.codepoint(s, 1, 2))
print(utf8.codepoint(s, 2, 3))
print(select("#", utf8.codepoint(s, 4, 3)), select("#", utf8.codepoint(s, 2, 1)), select("#", utf8.codepoint("", 1, 0)))
for _, a in ipairs{{0}, {-100}, {13}, {12}, {3}, {1, 100}, {1, -100}, {2, 2}, {5, 6}, {1.0}, {"2"}, {1.5}, {"x"}} do print(a[1], a[2], pcall(utf8.codepoint, s, a[1], a[2])) end
print(pcall(utf8.codepoint))
print(pcall(utf8.codepoint, ""))
print(pcall(utf8.codepoint, {}))
print(utf8.codepoint(7), pcall(utf8.codepoint, "x", {}))
