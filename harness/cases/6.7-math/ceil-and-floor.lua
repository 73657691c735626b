-- lua: 5.1-5.5

local function show(v) return (math.type and math.type(v) or type(v)) .. " " .. tostring(v) end
for _, v in ipairs{0, 5, -5, 0.5, -0.5, 2.999, -2.999, 1e15, 1e15 + 0.5, 2^52 + 0.5, 2^53, -2^53, 2^62, 2^63, -2^63, 2^64, 1e100, "3.7", "-8"} do
  print(show(math.floor(v)), show(math.ceil(v)))
end
print(math.floor(1/0), math.ceil(1/0), math.floor(-1/0), math.ceil(-1/0))
print(math.floor(0/0) ~= math.floor(0/0), math.ceil(0/0) ~= math.ceil(0/0))
print(tostring(1 / math.floor(-0.0)), tostring(1 / math.ceil(-0.5)))
print(pcall(math.floor))
print(pcall(math.ceil))
print(pcall(math.floor, "one"))
print(pcall(math.ceil, {}))
