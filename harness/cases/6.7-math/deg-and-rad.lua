-- lua: 5.1-5.5

for _, v in ipairs{0, 90, 180, -45, 360, 1e6, "30"} do
  print(string.format("%.10g %.10g", math.rad(v), math.deg(v)))
end
print(string.format("%.10g %.10g", math.deg(math.pi), math.rad(math.deg(1))))
print(math.deg(1/0), math.rad(-1/0), 1 / math.deg(-0.0), math.type and math.type(math.deg(0)))
print(pcall(math.deg))
print(pcall(math.rad, "x"))
