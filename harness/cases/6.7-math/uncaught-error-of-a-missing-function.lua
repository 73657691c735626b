-- lua: 5.1-5.5

local function area(r)
  return math.pi * math.square(r)
end
local ok, message = pcall(area, 2)
print(ok, message)
local a = area(2)
