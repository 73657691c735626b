-- lua: 5.3-5.5

local function show(v) return v ~= v and "nan" or string.format("%.10f", v) end
local function try(...)  -- 5.4 may know atan by its other name, atan2
  local ok, v = pcall(...)
  print(ok, ok and string.format("%.10f", v) or (v:gsub("atan2", "atan")))
end
for _, y in ipairs{0.0, -0.0, 1, -1, 1/0, -1/0} do
  for _, x in ipairs{0.0, -0.0, 1, -1, 1/0, -1/0} do io.write(show(math.atan(y, x)), " ") end
  print()
end
print(show(math.atan(1, 0/0)), show(math.atan("1", "2")))
try(math.atan, 1, "x")
try(math.atan, 1, nil)
try(math.atan, 1, {})
