-- lua: 5.2-5.3

local x = 0x12345678
for _, a in ipairs{{0}, {4}, {31}, {0, 32}, {4, 8}, {28, 4}, {0, 1}, {31, 1}, {32}, {-1}, {0, 0}, {0, -1}, {0, 33}, {31, 2}, {16, 17}, {"4", "8"}, {1.9, 2.9}} do
  print(a[1], a[2], pcall(bit32.extract, x, a[1], a[2]))
  print(a[1], a[2], pcall(bit32.replace, x, 0xABCDEF01, a[1], a[2]))
end
print(bit32.replace(0, -1, 0, 32), bit32.replace(-1, 0, 0, 32), bit32.replace(0, 1, 31), bit32.replace(0, 2, 31), bit32.extract(-1, 0, 32))
