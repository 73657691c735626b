-- lua: 5.2-5.5

local kind = math.type or type
for _, x in ipairs{0x0.1E, 0xA23p-4, 0X1.921FB54442D18P+1, 0x.8, 0x8., 0x1p4, 0x1P-4, 0xA.8p1, 0x1p+0, 0x1p1023, 0x1p-1074, 0x1p-1075,
  0x1p1024, 0x1.fffffffffffff8p0, 0x1.fffffffffffff7p0, 0x0.0000000000000000000001p88} do
  print(x, kind(x), string.format("%.17g", x))
end
