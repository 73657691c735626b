-- lua: 5.1-5.5

for i = 1, 20 do
  local v = math.random(-2^31 + 1, -1)
  if v < -2^31 or v > -1 or v % 1 ~= 0 then print("out of range", v) end
  v = math.random(2^31 - 1)
  if v < 1 or v > 2^31 - 1 or v % 1 ~= 0 then print("out of range", v) end
end
print(math.random(2^31 - 1, 2^31 - 1) == 2^31 - 1, math.random(-2^31, -2^31) == -2^31)
