-- lua: 5.1-5.5

local function total(rows)
  local sum = 0
  for _, r in ipairs(rows) do sum = sum + r.price * "2" end
  return sum
end
local function main(rows)
  print(total(rows))
end
main{{price = 1}, {price = "2"}, {price = " 0x10 "}}
main{{price = 1}, {price = "2 EUR"}}
