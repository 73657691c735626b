-- lua: 5.1-5.5

print(string.format("%99.99f", 1/3))
print(string.format("%.99f", 2^-60))
print(string.format("%99d|%-99s|", 1, "x"))
print(string.format("%.99g", 0.1))
print(string.format("%.50e", 1/7))
print(#string.format("%.99f", 1e300), #string.format("%.99f", -1.7976931348623157e308), #string.format("%99.99e", 1))
print(string.format("%.3f", 1e22), string.format("%.10f", 123456789.123456789), string.format("%.22f", 0.1), string.format("%.23f", 0.1))
print(string.format("%.15f %.16f %.17f %.18f %.19f", 1.1, 1.1, 1.1, 1.1, 1.1), string.format("%.5f", 2^63), string.format("%.2f", 1e19))
for _, f in ipairs{"%100d", "%.100f", "%100.1f", "%1.100f", "%000000d", "%------d", "%+-0 #d", "%+-0 #+d", "%123", "%.1234f", "%0100d"} do print(f, pcall(string.format, f, 1)) end
