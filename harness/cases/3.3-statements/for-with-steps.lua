-- lua: 5.1-5.5

local function run(a, b, c)
  local t = {}
  for i = a, b, c or 1 do
    t[#t + 1] = tostring(i)
    if #t > 12 then t[#t + 1] = "..." break end
  end
  print(a, b, c, table.concat(t, " "))
end
run(1, 3) run(3, 1) run(3, 1, -1) run(1, 1) run(1, 10, 4) run(0, 1, 0.25) run(1, 0, -0.25)
run(1.0, 3) run(1, 3.0) run(1, 3.7) run(3.7, 1, -1) run(-3, 3, 3) run(1, 2, 100) run(5, 5, -1) run("1" + 0, 2)
run(1, 3, 1.0) run(0.1, 0.5, 0.1) run(-0.0, 0) run(1e15, 1e15 + 2)
