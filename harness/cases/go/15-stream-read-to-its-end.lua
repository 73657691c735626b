-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local list = {}
for n in go.numbers(10) do list[#list + 1] = n end
print(table.concat(list, " "), "open", go.open())

for n, square in go.squares(3) do print(n, square) end
for tick in go.ticks(3) do print(tick) end
print("open", go.open())

for _ in go.numbers(0) do print("never") end

-- An error ends it where it is raised.
local seen = 0
local ok, e = pcall(function()
  for n in go.fragile(2) do seen = n end
end)
print(seen, ok, tostring(e))

-- Past its end it gives nothing more.
local next_number = go.numbers(1)
print(next_number(), next_number(), next_number())

-- Two at once, and in tasks.
local sums = {}
for n = 1, 3 do
  sums[n] = luago.spawn(function()
    local sum = 0
    for value in go.numbers(n * 10) do sum = sum + value end
    return sum
  end)
end
print(luago.all(sums[1], sums[2], sums[3]))
print("open", go.open())
