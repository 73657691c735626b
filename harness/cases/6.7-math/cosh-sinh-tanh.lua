-- lua: 5.1-5.2, 5.4

for _, x in ipairs{0, 1, -1, 0.5, 10, -20, "2"} do
  print(string.format("%.10g %.10g %.10g", math.cosh(x), math.sinh(x), math.tanh(x)))
end
print(math.cosh(1/0), math.sinh(-1/0), math.tanh(1/0), math.tanh(-1/0), math.cosh(800))
print(pcall(math.cosh))
print(pcall(math.sinh, "x"))
print(pcall(math.tanh, {}))
