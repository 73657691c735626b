-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x "):format(c:byte()) end)) end
for _, c in ipairs{0, 1, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF, 0x110000, 0x1FFFFF, 0x200000, 0x3FFFFFF, 0x4000000, 0x7FFFFFFF} do
  local ok, s = pcall(utf8.char, c)
  print(("%X"):format(c), ok, ok and hex(s) or s)
end
print(utf8.char(), #utf8.char(), utf8.char(72, 228, 8364, 0x1F600), hex(utf8.char(0, 0x80, 0)))
for _, c in ipairs{-1, 0x80000000, 1 << 32, (1 << 32) + 65, math.maxinteger, math.mininteger, "65", 65.0, 65.5, "x", {}} do
  print(type(c) == "table" and "table" or c, pcall(utf8.char, c))
end
print(pcall(utf8.char, 65, nil))
print(pcall(utf8.char, 65, 66, -1))
