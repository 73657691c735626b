-- lua: 5.1-5.5

for _, r in ipairs{"%", "%%", "%a", "%2", "%9", "x%", "%\0", "%.", "% ", "%%1", "%-", "%1%", "%0%0", "%%%1", "\0", "%1\0%1", "%n"} do
  local ok, res, n = pcall(string.gsub, "ab", "(a)", r)
  print(string.format("%q", r), ok, (string.gsub(tostring(res), "%z", "\\0")), n)
end
for _, r in ipairs{"%0", "%1", "%2"} do print(r, pcall(string.gsub, "ab", "a", r)) end
