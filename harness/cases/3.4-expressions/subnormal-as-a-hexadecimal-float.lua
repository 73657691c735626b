-- lua: 5.2-5.5

print(string.format("%a %a %a", 5e-324, 1e-310, 2^-1023))
