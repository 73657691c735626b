-- lua: 5.1-5.5

for _, v in ipairs {0, -0, 1, -1, 0.1, 1/3, 100, 1e14, 1e15, 1e16, 123456789012345678, 1e100, 1e-5, 1e-4, 2^31, 2^53, 2^63, -2^63} do
  print(v, tostring(v), v .. "", #tostring(v))
end
