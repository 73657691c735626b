-- lua: 5.1-5.5

local function show(v) return (math.type and math.type(v) or type(v)) .. ":" .. tostring(v) end
for _, a in ipairs{7, -7, 7.5, -7.5, 0, "7"} do
  for _, b in ipairs{3, -3, 2.5, -2.5, 1/0, -1/0} do io.write(show(math.fmod(a, b)), " ") end
  print()
end
local x = math.fmod(1/0, 2)
print(x ~= x, math.fmod(5, 0.0) ~= math.fmod(5, 0.0), 1 / math.fmod(-6.0, 3))
print(math.fmod(2^53, 3), math.fmod(1e300, 7), math.fmod(5e-324, 3))
print(pcall(math.fmod, 1))
print(pcall(math.fmod, nil, 1))
print(pcall(math.fmod, "a", 1))
