-- lua: 5.1-5.5

for _, f in ipairs{"%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d|", "%-8.3d|", "%+05d", "%i", "%+ d", "%.0d", "%-05d|"} do
  local row = {}
  for _, x in ipairs{0, 7, -7, 12345, -2147483648, 4294967296} do row[#row + 1] = string.format(f, x) end
  print(f, table.concat(row, " "))
end
for _, f in ipairs{"%x", "%X", "%#x", "%#X", "%08x", "%-8x|", "%o", "%#o", "%.4x", "%#6x", "%u", "%5u|"} do
  local row = {pcall(string.format, f, 0)}
  for _, x in ipairs{1, 255, 65535, 2^31, 2^40} do row[#row + 1] = select(2, pcall(string.format, f, x)) end
  row[1] = tostring(row[1])
  print(f, table.concat(row, " "))
end
