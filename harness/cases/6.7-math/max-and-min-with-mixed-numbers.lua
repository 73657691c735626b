-- lua: 5.1-5.5

local function show(v) return (math.type and math.type(v) or type(v)) .. ":" .. tostring(v) end
print(show(math.max(1, 2.5)), show(math.min(1, 2.5)), show(math.max(3)), show(math.min(-3.5)))
print(show(math.max(1, 1.0)), show(math.max(1.0, 1)), show(math.min(2, 2.0)), show(math.min(2.0, 2)))
print(show(math.max(-1/0, 5)), show(math.min(1/0, 5)), show(math.max(1, 2, 3, 1/0, 4)))
print(pcall(math.max, "10", "9"))  -- from 5.3 on strings are not converted
print(pcall(math.min, "10", 9, 11))
local nan = 0/0
print(math.max(nan, 1) ~= math.max(nan, 1), math.max(1, nan), math.min(nan, 1) ~= math.min(nan, 1), math.min(1, nan))
print(1 / math.max(-0.0, 0.0), 1 / math.max(0.0, -0.0), 1 / math.min(0.0, -0.0))
if math.maxinteger then
  print(show(math.max(math.maxinteger, 2^63)), show(math.max(2^63, math.maxinteger)))
  print(show(math.min(math.mininteger, -2^63)), show(math.min(-2^63, math.mininteger)))
  print(show(math.max(math.maxinteger - 1, math.maxinteger + 0.0)))
end
