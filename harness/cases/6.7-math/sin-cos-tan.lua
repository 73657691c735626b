-- lua: 5.1-5.5

local function show(...)
  local t = {...}
  for i, v in ipairs(t) do t[i] = v ~= v and "nan" or string.format("%.10f", v) end
  print(table.concat(t, " "))
end
for _, x in ipairs{0, 1, -1, 0.5, 2, 10, 100, math.pi / 4, "1.5"} do
  show(math.sin(x), math.cos(x), math.tan(x))
end
show(math.sin(1/0), math.cos(-1/0), math.tan(1/0), math.sin(0/0))
print(1 / math.sin(-0.0), math.cos(0), 1 / math.tan(-0.0))
print(string.format("%.10g %.10g %.10g", math.sin(1e6), math.cos(1e15), math.tan(123456789)))
print(pcall(math.sin))
print(pcall(math.cos, "x"))
print(pcall(math.tan, {}))
