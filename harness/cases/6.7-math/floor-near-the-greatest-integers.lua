-- lua: 5.3-5.5

local function show(v) return math.type(v) .. " " .. string.format("%.0f", v) end
for _, v in ipairs{2^63 - 1024, 2^63, -2^63, -2^63 - 2048, 2^62 + 512, math.maxinteger, math.mininteger, math.maxinteger + 0.0} do
  print(show(v), show(math.floor(v)), show(math.ceil(v)))
end
