-- lua: 5.2-5.5

for _, f in ipairs{"%", "%Q", "%E", "%O", "%Ez", "%OA", "%9", "% ", "%-d", "%_d", "ok %", "%EQ", "%\0", "%Y%"} do
  print((f:gsub("%z", "0")), pcall(os.date, f, 0))
end
