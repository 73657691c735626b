local ticks = require "ticks"

for n, square in ticks.squares(4) do
  print("square", n, square)
end

-- Each step waits for the next tick. Leaving the loop ends the stream, and with it the
-- goroutine behind it.
for i in ticks.ticks(1000, 0.001) do
  print("tick", i)
  if i == 3 then break end
end

local ok, e = pcall(function()
  for n in ticks.countdown(2) do
    print("countdown", n)
  end
end)
print("error", not ok and e.message)
