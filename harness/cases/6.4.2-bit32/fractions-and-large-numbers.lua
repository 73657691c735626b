-- lua: 5.2-5.3

for _, x in ipairs{0.5, 1.5, 2.5, -0.5, -1.5, 0.4999, 2^32 - 0.5, 2^53 + 2, 2^62, -2^62, 2^63, 1e15, -1e15, 4294967295.5, 1e30, 1/0, -1/0} do
  print(x, bit32.bor(x), bit32.bnot(x), bit32.band(x, 0xFF))
end
print(bit32.bor(0/0))
