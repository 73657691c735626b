-- lua: 5.2-5.3

for _, d in ipairs{0, 1, 4, 31, 32, 33, 100, -1, -4, -31, -32, -33, -100} do
  print(d, bit32.lshift(0x87654321, d), bit32.rshift(0x87654321, d), bit32.arshift(0x87654321, d), bit32.arshift(0x12345678, d))
end
print(bit32.lshift(1, 31), bit32.lshift(-1, 0), bit32.rshift(-1, 31), bit32.arshift(-1, 31), bit32.arshift(-1, 32), bit32.arshift(1, 32), bit32.lshift("1", "4"))
print(bit32.lshift(1, 1.9), bit32.lshift(1, 2^31 - 1), bit32.rshift(-1, 2^31 - 1), bit32.arshift(-1, -2^31 + 1))
