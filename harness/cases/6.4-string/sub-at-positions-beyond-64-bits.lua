-- lua: 5.1-5.2

for _, x in ipairs{2^63, 1e30, 1/0} do print(x, string.sub("hello", x), string.sub("hello", 2, x)) end
