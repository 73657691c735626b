-- lua: 5.1-5.5

for _, f in ipairs{"%d", "%x", "%c", "%i", "%5.2f", "%s"} do
  for _, x in ipairs{"10", " 0x1F ", 3.0, "3.0", 3.7, "3.7", "x", "", true, -0.0} do
    print(f, tostring(x), pcall(string.format, f, x))
  end
end
print(pcall(string.format, "%d", nil))
print(pcall(string.format, "%d", {}))
print(pcall(string.format, "%x", -1))
print(pcall(string.format, "%o", -8))
print(pcall(string.format, "%X", -2^31))
