-- lua: 5.1-5.5

for _, f in ipairs{"%", "%%%", "abc%", "%y", "%w", "%ld", "%hd", "%*d", "%n", "%j", "%z", "%5", "%-", "%.", "%1.2.3f", "%\0", "%\200", "%l", "%D", "%F", "%S", "%U", "%I", "%B", "%b",
    "%#d", "%#s", "%0s", "%+s", "% s", "%+x", "% x", "%#i", "%0c", "%.5c", "%#c", "%d%", "%#q", "%.q", "%1$d"} do
  local ok, m = pcall(string.format, f, 1)
  print(string.format("%q", f), ok, (tostring(m):gsub("[%z\128-\255]", "?")))
end
