-- lua: 5.1-5.5

for _, n in ipairs{0, 1, 2, 3, 4, -1, "2", 2^31 - 1} do print(n, string.gsub("aaa", "a", "b", n)) end
for _, n in ipairs{0, 1, 2, 3, 4, 5} do print(n, string.gsub("abc", "", "-", n)) end
print(string.gsub("aaa", "a", "b", nil))
print(pcall(string.gsub, "aaa", "a", "b", "x"))
print(pcall(string.gsub, "aaa", "a", "b", {}))
print(pcall(string.gsub, "aaa", "a", "b", 1.5))
