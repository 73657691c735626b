-- lua: 5.2

for _, x in ipairs{2^53, -2^63, 2^62, -1e30, 1e30, 1/0, -1/0, 0/0, 0.5, -0.5, 1.9999} do print(x ~= x and "nan" or x, pcall(string.format, "%d", x)) end
for _, x in ipairs{2^53, 2^63, 1e30, -1, -0.5, 1/0, 0/0} do print(x ~= x and "nan" or x, pcall(string.format, "%x", x)) end
