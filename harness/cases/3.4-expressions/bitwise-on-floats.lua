-- lua: 5.3-5.5

print(1.0 & 1, 2.0^3 | 0, 1e15 | 0, -2.0^63 | 0, 3.0 << 2, ~0.0, 5.0 ~ 1.0, -0.0 | 0)
for _, x in ipairs{1.5, 2^63, -2^63, -2^63 - 1e4, 1/0, -1/0, 0/0, 2^53 + 1, 5e-324} do
  print(x ~= x and "nan" or x, pcall(function() return x | 0 end))
  print("", pcall(function() return ~x end))
end
