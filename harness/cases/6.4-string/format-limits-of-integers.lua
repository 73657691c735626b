-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
for _, f in ipairs{"%d", "%x", "%X", "%o", "%25d|", "%-25d|", "%025d", "%+d", "%.25d", "%#x"} do
  print(f, string.format(f, max), string.format(f, min), string.format(f, -1))
end
print(pcall(string.format, "%d", 2^63))
print(pcall(string.format, "%d", -2^63))
print(pcall(string.format, "%d", 1/0))
print(pcall(string.format, "%d", 0/0))
print(pcall(string.format, "%x", 1e100))
print(pcall(string.format, "%d", "9223372036854775808"))
print(string.format("%d %d", "9223372036854775807", "-9223372036854775808"), string.format("%d", 2^53))
