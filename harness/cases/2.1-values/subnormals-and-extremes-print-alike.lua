-- lua: 5.1-5.5

for _, v in ipairs {2^-1074, 2^-1022, 2^1023, 1.7976931348623157e308, 4.9e-324, 1e308 * 10, 2.5e-5, 12345678901234, 0.1 + 0.2, 99999999999999.9} do
  print(v, ("%.17g"):format(v), v == tonumber(("%.17g"):format(v)))
end
print(tonumber("1e400"), tonumber("-1e400"), tonumber("1e-400"))
