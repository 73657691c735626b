-- lua: 5.1-5.5

for b = 2, 36 do io.write(tostring(tonumber("10", b)), " ", tostring(tonumber("1z", b)), " ", tostring(tonumber("-11", b)), ";") end
print()
for _, a in ipairs{{"ff", 16}, {"FF", 16}, {"0xff", 16}, {"-ff", 16}, {" 7 ", 8}, {"8", 8}, {"", 10}, {" ", 10}, {"1.5", 10}, {"1e1", 10}, {"zz", 36}, {"ZZ", 36}, {"7fffffffffffffff", 16},
    {"1 1", 2}, {"-", 10}, {"+1", 10}, {"--1", 10}, {"\0", 10}, {"1\0", 10}, {"_", 36}} do
  local x = tonumber(a[1], a[2])
  print(string.format("%q", a[1]), a[2], x, math.type and math.type(x))
end
print(pcall(tonumber, "10", 1))
print(pcall(tonumber, "10", 37))
print(pcall(tonumber, 10, 16))
print(pcall(tonumber, {}, 16))
print(pcall(tonumber, "10", "x"))
print(pcall(tonumber))
print(pcall(tonumber, nil))
print(tonumber({}), tonumber(true), tonumber(print), tonumber("10", nil), tonumber("z", "36"))
