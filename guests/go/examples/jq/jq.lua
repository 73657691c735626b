local jq = require "jq"

local shop = {
  { name = "pear", price = 3, tags = { "fruit", "green" } },
  { name = "leek", price = 2, tags = { "vegetable", "green" } },
  { name = "plum", price = 5, tags = { "fruit" } },
}

-- All results at once: a jq query may have none, one or many.
for _, name in ipairs(jq.run(".[] | select(.price > 2) | .name", shop)) do
  print("name", name)
end
print("sum", jq.run("map(.price) | add", shop)[1])

-- One result at a time: this query would never end by itself.
for n in jq.each("1 | recurse(. * 2)") do
  if n > 100 then break end
  print("power", n)
end

local ok, e = pcall(jq.run, ".[", shop)
assert(not ok)
print("error", e.message)
