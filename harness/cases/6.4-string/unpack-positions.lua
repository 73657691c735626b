-- lua: 5.3-5.5

local s = "\1\2\3\4"
for _, i in ipairs{1, 2, 4, 5, 6, 0, -1, -4, -5, -100, "3", 2.0} do print(i, pcall(string.unpack, "b", s, i)) end
print(string.unpack("", s), string.unpack("", s, 3), pcall(string.unpack, "", s, 5))
print(pcall(string.unpack, "", s, 6))
print(pcall(string.unpack, "b", s, nil))
print(pcall(string.unpack, "b", s, 1.5))
print(pcall(string.unpack))
print(pcall(string.unpack, "b"))
print(pcall(string.unpack, {}, "b"))
print(string.unpack("bbbb", s))
