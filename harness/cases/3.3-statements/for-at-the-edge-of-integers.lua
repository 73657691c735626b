-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
local function run(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    t[#t + 1] = tostring(i)
    if #t > 3 then t[#t + 1] = "..." break end
  end
  print(table.concat(t, " "))
end
run(max - 1, max) run(max, max) run(max, max + 1.0) run(max - 2, 1e100) run(max - 1, math.huge, 2)
run(min + 1, min, -1) run(min, min) run(min + 2, -1e100, -1) run(min + 1, -math.huge, -2)
run(1, max, max) run(1, max, max - 1) run(min, max, max) run(max, min, min) run(max, min, min + 1) run(-1, min, min)
run(max, 1) run(min, 1, -1) run(1, min) run(max + 0.0, max + 0.0) run(0, 1.5) run(0, -1.5, -1) run(1, 0.5) run(3, 2.9, -1)
