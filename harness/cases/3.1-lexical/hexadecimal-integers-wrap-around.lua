-- lua: 5.3-5.5

print(0x10000000000000000, 0x1ffffffffffffffff, 0xffffffffffffffffff, 0x123456789abcdef0123456789abcdef)
print(math.type(0x10000000000000000), math.type(0xffffffffffffffff), math.type(0xff.0))
print(tonumber("0x10000000000000001"), tonumber("-0xffffffffffffffff"), tonumber("0x" .. ("f"):rep(100)))
