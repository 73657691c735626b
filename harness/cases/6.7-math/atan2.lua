-- lua: 5.1-5.2, 5.4

local function try(...)  -- 5.4 may know atan by its other name, atan2
  local ok, v = pcall(...)
  print(ok, ok and string.format("%.10f", v) or (v:gsub("atan2", "atan")))
end
for _, y in ipairs{0.0, 1, -1, 1/0} do
  for _, x in ipairs{0.0, 1, -1, -1/0} do io.write(string.format("%.10f ", math.atan2(y, x))) end
  print()
end
print(string.format("%.10f", math.atan2("1", "1")))
try(math.atan2, 1)
try(math.atan2, 1, "x")
