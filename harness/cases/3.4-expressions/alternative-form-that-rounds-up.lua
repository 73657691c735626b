-- lua: 5.1-5.5

print(string.format("%#g %#g %#.3g", 999999.5, 99999.95, 999.5))
