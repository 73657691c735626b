-- lua: 5.1-5.5

for _, name in ipairs {"pow", "cosh", "sinh", "tanh", "frexp", "ldexp", "log10", "atan2"} do
  print(name, type(math[name]))
end
if math.pow then
  print(math.pow(2, 10), string.format("%.10g", math.pow(2, 0.5)), math.pow(-8, 1 / 3) ~= math.pow(-8, 1 / 3))
  print(math.frexp(10), math.frexp(0), math.ldexp(0.625, 4))
  print(pcall(math.ldexp, 1, 1.5))
  print(math.log10(1000), math.atan2(0, 1), math.atan2(1, 0) == math.pi / 2)
  print(math.cosh(0), math.sinh(0), math.tanh(0))
end
