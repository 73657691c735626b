-- lua: 5.1-5.5

local function within(n, low, high, ...)
  local least, greatest, whole = 1/0, -1/0, true
  for i = 1, n do
    local v = math.random(...)
    if v < least then least = v end
    if v > greatest then greatest = v end
    whole = whole and v % 1 == 0
  end
  print(least >= low, greatest <= high, least == greatest, whole)
end
within(500, 0, 1)
within(500, 1, 10, 10)
within(500, -3, 3, -3, 3)
within(20, 1, 1, 1)
within(20, 7, 7, 7, 7)
within(200, -100, -90, -100, -90)
within(200, 1, 2^31 - 1, 2^31 - 1)
local seen = 0
local t = {}
for i = 1, 500 do t[math.random(4)] = true end
for i = 1, 4 do if t[i] then seen = seen + 1 end end
print(seen, math.random() < 1, math.type and math.type(math.random()), math.type and math.type(math.random(5)))
