-- lua: 5.1-5.5

-- The digits come from the exact value, halves to even.
for _, x in ipairs{0.5, 1.5, 2.5, 3.5, 0.25, 0.75, 0.125, 0.375, 1.005, 2.675, 1e15 + 0.5, 4503599627370497.5, 0.045, 1.45, 8.5, 1234.5, 12345.5, 0.03125, 5e-5, 0.00005, 999.5, 9.5, 99.95, 0.95} do
  print(string.format("%.0f %.1f %.2f %.3f %.4f", x, x, x, x, x), string.format("%.1g %.2g %.3g %.4g %.5g", x, x, x, x, x), string.format("%.0e %.1e %.2e", x, x, x))
end
