-- lua: 5.1-5.5

local shapes = {}
function shapes.circle(r)
  local area = 3 * math.floor(r) ^ 2
  return area
end
function shapes.sum(list)
  local total = 0
  for i = 1, #list do total = total + shapes.circle(list[i]) end
  return total
end
print(shapes.sum{1, 2.5})
local n = shapes.sum{1, "wide"}
print(n)
