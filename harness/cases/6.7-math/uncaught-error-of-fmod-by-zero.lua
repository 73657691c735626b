-- lua: 5.3-5.5

local function clock(h, n)
  local r = math.fmod(h, n)
  return r
end
print(clock(25, 24), clock(25, 0.0) ~= clock(25, 0.0))
local function each(...)
  for _, n in ipairs{...} do print(n, clock(7, n)) end
end
each(5, 3, 0)
