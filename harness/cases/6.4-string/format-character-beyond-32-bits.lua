-- lua: 5.1-5.2

print(string.byte(string.format("%c", 2^32 + 65)))
