-- lua: 5.2-5.5

for _, f in ipairs{"%C", "%D", "%e", "%F", "%g", "%G", "%h", "%n", "%r", "%R", "%t", "%T", "%u", "%V", "%z", "%Ec", "%EY", "%Od", "%OH", "%Oy"} do
  local ok, a = pcall(os.date, "!" .. f, 0)
  local ok2, b = pcall(os.date, "!" .. f, 1709251199)
  print(f, ok, (tostring(a):gsub("%c", "_")), ok2, (tostring(b):gsub("%c", "_")))
end
for _, y in ipairs{2005, 2008, 2010, 2016, 2021, 2026} do
  print(os.date("!%G-W%V-%u %g %U %W %j", os.time{year = y, month = 1, day = 1}))
  print(os.date("!%G-W%V-%u %g %U %W %j", os.time{year = y, month = 12, day = 31}))
end
