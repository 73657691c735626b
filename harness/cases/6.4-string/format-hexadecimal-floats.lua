-- lua: 5.2-5.5

local values = {0.0, -0.0, 1.0, 0.5, -2.5, 0.1, 3, 1e10, 1/3, 2^-1022, 1.7976931348623157e308, 1/0, -1/0}
for _, f in ipairs{"%a", "%A", "%.0a", "%.1a", "%.3a", "%.13a", "%.20a", "%20a|", "%-20a|", "%020a", "%+a", "% a", "%#a", "%#.0a"} do
  local row = {}
  for i, x in ipairs(values) do row[i] = string.format(f, x) end
  print(f, table.concat(row, " "))
end
print(pcall(string.format, "%a", "x"))
print(pcall(string.format, "%a", "0x1p4"))
