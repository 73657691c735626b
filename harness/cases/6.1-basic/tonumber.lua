-- lua: 5.1-5.5

for _, s in ipairs {"10", " 10 ", "\t10\n", "10.", ".5", "5e2", "5E+2", "1e", "e1", "0x10", "0X1f", "-0x10", "0x", "0x1p4", "0x.8", "0xAp-1", "1_000", "1,5", "", " ", "-", "+5", "--5", "- 5", "inf", "nan", "1e400", "-1e400", "0b1", "10abc", "1 2", "0x1g", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0xffffffffffffffff", "0x10000000000000000", "1e1", "007"} do
  local n = tonumber(s)
  print(("%q"):format(s), n, math.type and n and math.type(n))
end
print(tonumber("10\0"), tonumber("1\0002"), tonumber("\0"))
