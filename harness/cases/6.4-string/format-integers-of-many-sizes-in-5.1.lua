-- lua: 5.1

for _, x in ipairs{2^31, 2^32, 2^53, 2^62, -2^31, -2^53, -2^63, -1e30, -1/0, 0.5, -0.5, 1.9999, -1.9999} do print(x, string.format("%d|%5i|%+d", x, x, x)) end
for _, x in ipairs{2^31, 2^32, 2^53, 2^62, 2^63, -1, -2^31, -2^53, -2^63, 0.5, -0.5} do print(x, string.format("%x|%o|%u", x, x, x)) end
