-- lua: 5.1-5.2

for _, x in ipairs{2^31 - 1, 2^31, 2^32, 2^53, 2^62, -2^31, -2^32, -2^53, -2^63, -1e30, -1/0, 0/0} do
  print(x ~= x and "nan" or x, string.sub("hello", x), string.sub("hello", 2, x), string.byte("hello", x), string.find("hello", "l", x))
end
