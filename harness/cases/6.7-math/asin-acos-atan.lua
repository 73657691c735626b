-- lua: 5.1-5.5

local function show(...)
  local t = {...}
  for i, v in ipairs(t) do t[i] = v ~= v and "nan" or string.format("%.10f", v) end
  print(table.concat(t, " "))
end
for _, x in ipairs{0, 0.5, -0.5, 1, -1, 1.5} do show(math.asin(x), math.acos(x), math.atan(x)) end
show(math.atan(1/0), math.atan(-1/0), math.atan(1e300), math.asin(0/0), math.acos(-2))
print(1 / math.atan(-0.0), 1 / math.asin(-0.0), math.acos(1))
local function try(...)  -- 5.4 may know atan by its other name, atan2
  local ok, v = pcall(...)
  print(ok, ok and string.format("%.10f", v) or (v:gsub("atan2", "atan")))
end
print(pcall(math.asin))
print(pcall(math.acos, "x"))
try(math.atan, nil)
