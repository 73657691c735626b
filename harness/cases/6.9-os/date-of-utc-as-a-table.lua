-- lua: 5.1-5.5

for _, when in ipairs{0, 1, 86399, 951782400, 1709251199, 2147483647, 2147483648, 4102444800, -1, -86400, -2208988800} do
  local d = os.date("!*t", when)
  print(when, ("%d-%02d-%02d %02d:%02d:%02d"):format(d.year, d.month, d.day, d.hour, d.min, d.sec), d.wday, d.yday, d.isdst)
end
local keys = {}
for k, v in pairs(os.date("!*t", 0)) do keys[#keys + 1] = k .. ":" .. (math.type and math.type(v) or type(v)) end
table.sort(keys)
print(table.concat(keys, " "))
print(os.date("*t", 0).year, type(os.date("*t")), os.date("!*tx", 0).year)
