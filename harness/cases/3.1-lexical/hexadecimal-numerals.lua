-- lua: 5.1-5.5

local kind = math.type or type
for _, x in ipairs{0x0, 0xff, 0xFF, 0Xa, 0xBEBADA, 0x7fffffff, 0xffffffff, 0x100000000, 0x0000000000000000001} do
  print(x, kind(x))
end
print(0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000)
