-- lua: 5.2-5.3

for _, d in ipairs{0, 1, 4, 16, 31, 32, 33, 64, 100, -1, -4, -31, -32, -33, -100} do
  print(d, bit32.lrotate(0x87654321, d), bit32.rrotate(0x87654321, d), bit32.lrotate(1, d), bit32.rrotate(1, d))
end
print(bit32.lrotate(-1, 5), bit32.rrotate(-2, 1), bit32.lrotate(2^32 + 1, 1), bit32.lrotate("3", "31"))
