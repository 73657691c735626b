-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()) end)) end
print(hex(string.pack("i2", 1)), hex(string.pack("=i2", 1)), hex(string.pack("<i2", 1)), hex(string.pack(">i2", 1)), hex(string.pack(">i2<i2=i2", 1, 1, 1)))
print(hex(string.pack(">s2 z <I4", "hi", "yo", 0xCAFE)), string.unpack(">s2 z <I4", string.pack(">s2 z <I4", "hi", "yo", 0xCAFE)))
print(hex(string.pack(">f<f", 1, 1)), hex(string.pack(">i3", -2)), hex(string.pack("<i3", -2)), hex(string.pack(">j", math.mininteger)))
print(string.unpack(">i2", "\255\254"), string.unpack("<i2", "\255\254"), string.unpack(">I2", "\255\254"), string.unpack("<I2", "\255\254"))
print(hex(string.pack(" < i2 > i2 ", 1, 2)), hex(string.pack("xx")), hex(string.pack("")), string.packsize(""), string.packsize(" "))
