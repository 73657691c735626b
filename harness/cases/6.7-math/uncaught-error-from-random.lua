-- lua: 5.1-5.5

local function roll(sides)
  local v = math.random(1, sides)
  return v
end
local function play()
  local total = 0
  for _, sides in ipairs{6, 20, 0} do
    total = total + roll(sides)
    io.write("rolled ", sides, "\n")
  end
  return total
end
local result = play()
