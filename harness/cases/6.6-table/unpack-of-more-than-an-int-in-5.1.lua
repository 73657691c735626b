-- lua: 5.1

-- A known difference. Natively a crash, since the count overflows.
print(pcall(unpack, {}, -2^30, 2^30))
