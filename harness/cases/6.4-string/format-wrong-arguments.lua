-- lua: 5.1-5.5

for _, f in ipairs{"%d", "%i", "%u", "%o", "%x", "%X", "%c", "%e", "%E", "%f", "%g", "%G", "%a", "%A", "%s", "%q", "%p"} do
  print(f, pcall(string.format, f))
  local r = {pcall(string.format, f, {})}
  print(f, r[1], (tostring(r[2]):gsub("0x%x+", "ADDR")))
  if f ~= "%p" then print(f, pcall(string.format, "%s" .. f, "x", "x")) end
end
