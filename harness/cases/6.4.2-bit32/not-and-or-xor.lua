-- lua: 5.2-5.3

local values = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xAAAAAAAA, -1, -2^31, 2^32, 2^32 + 5, 2^53, "12", "0xFF"}
for _, x in ipairs(values) do
  print(x, bit32.bnot(x), bit32.band(x, 0xF0F0F0F0), bit32.bor(x, 0x0F), bit32.bxor(x, 0xFFFF))
end
print(bit32.band(), bit32.bor(), bit32.bxor(), bit32.btest(), bit32.band(7), bit32.bor(7), bit32.bxor(7))
print(bit32.band(7, 6, 4), bit32.bor(1, 2, 4, 8), bit32.bxor(1, 3, 7, 15), bit32.btest(7, 8), bit32.btest(7, 4), bit32.btest(-1, -1, 1), bit32.btest(0))
