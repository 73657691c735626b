-- lua: 5.3-5.5

for _, v in ipairs {1, 1.0, -0.0, 2^53, 1e15, 1e16, 1e100, 0x7fffffffffffffff, 0xffffffffffffffff, 0x1p4, 3 // 2, 3 / 1, 7 // 2.0, 10 % 3.0} do
  print(v, type(v), math.type(v))
end
print(1 == 1.0, math.type(1) == math.type(1.0))
print(math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger)
print(math.maxinteger + 1.0, math.maxinteger * 2, math.mininteger * -1)
