-- lua: 5.1, 5.4

for _, v in ipairs{1, 10, 1000, 1e-5, 2, "100"} do print(string.format("%.10g", math.log10(v))) end
print(math.log10(0), math.log10(1/0), math.log10(-1) ~= math.log10(-1))
print(pcall(math.log10))
print(pcall(math.log10, "ten"))
