-- lua: 5.1-5.5

local function run(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    t[#t + 1] = tostring(i)
    if #t > 3 then t[#t + 1] = "..." break end
  end
  print(table.concat(t, " "))
end
local inf, nan = 1/0, 0/0
run(1, inf) run(1, -inf) run(1, inf, -1) run(1, -inf, -1) run(inf, 1) run(-inf, 1) run(inf, inf) run(-inf, -inf)
run(1, nan) run(1, nan, -1) run(nan, 1) run(1, 2, nan) run(2, 1, nan) run(1, 2, inf) run(1, 2, -inf) run(2, 1, -inf)
run(1, 1e308, 1e307) run(1e308, inf, 1e308) run(-1e308, 1e308, 1e308)
