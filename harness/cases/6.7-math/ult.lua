-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
local values = {0, 1, -1, max, min, 2.0}
for _, a in ipairs(values) do
  for _, b in ipairs(values) do io.write(tostring(math.ult(a, b)), " ") end
  print()
end
print(pcall(math.ult, 1))
print(pcall(math.ult, 1.5, 2))
print(pcall(math.ult, "1", "2"))
print(pcall(math.ult, 2^63, 2))
print(pcall(math.ult, 1, {}))
