-- lua: 5.1-5.5

print(debug.getinfo(2^32) == nil)
