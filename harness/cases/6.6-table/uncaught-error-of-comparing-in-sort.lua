-- lua: 5.1-5.5

local function order(t)
  table.sort(t)
  return t
end
print(#order{3, 2, 1})
pcall(order, {1, "x"})
local r = order{1, {}, "x"}
