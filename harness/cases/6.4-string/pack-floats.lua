-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()) end)) end
for _, x in ipairs{0.0, -0.0, 1.0, -1.5, 0.1, 1/3, 1e38, 1e39, 1e-45, 1e-46, 2^-1074, 1.7976931348623157e308, 1/0, -1/0, 16777217, 3} do
  print(x, hex(string.pack("<f", x)), hex(string.pack(">f", x)), hex(string.pack("<d", x)), hex(string.pack(">n", x)), string.unpack("<fdn", string.pack("<fdn", x, x, x)))
end
print(string.packsize("f"), string.packsize("d"), string.packsize("n"), math.type(string.unpack("d", string.pack("d", 3))))
local nan = string.unpack("<d", "\0\0\0\0\0\0\248\127")
print(nan ~= nan, hex(string.pack("<d", nan)))
print(pcall(string.pack, "d", "1.5"))
print(pcall(string.pack, "d", "x"))
print(pcall(string.pack, "f"))
print(pcall(string.pack, "n", nil))
