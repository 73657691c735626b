-- lua: 5.4-5.5

print(math.ldexp(1, 2^32 | 0))
print(math.ldexp(1, math.maxinteger))
print(math.ldexp(1, math.mininteger))
