-- lua: 5.1-5.5

print(string.format("%c%c%c", 76, 117, 97), string.format("%5c|%-5c|", 65, 66))
for _, c in ipairs{0, 10, 127, 128, 255, 256 + 65, -1, 65.0, "66"} do print(c, string.byte(string.format("%c", c), 1, -1)) end
print(pcall(string.format, "%c", "A"))
print(pcall(string.format, "%c"))
print(pcall(string.format, "%05c", 65))
print(pcall(string.format, "%.3c", 65))
print(pcall(string.format, "%+c", 65))
