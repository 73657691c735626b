-- lua: 5.3-5.5

for _, v in ipairs{math.maxinteger, math.mininteger, math.mininteger + 1, 0, -1, 0.1, 1e15, 1e16, 2^53, -2^63, 123456.789, 1e-300, 1.7976931348623157e308, 1/0, -1/0, 3.0} do
  local text = string.format("%q", v)
  local ok, back = pcall(load("return " .. text))
  print(text, ok, back == v, math.type(back), math.type(v))
end
local nan = string.format("%q", 0/0)
print(nan, pcall(load("return " .. nan)))
