-- lua: 5.1-5.5

local function total(list)
  local sum = 0
  for i = 1, 4 do
    sum = sum + list[i]
  end
  return sum
end
local function report(list)
  local n = total(list)
  print(n)
end
report {1, 2, 3, 4}
report {1, 2, 3}
