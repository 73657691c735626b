-- lua: 5.1-5.5

local depth, deepest = 0, 0
local function down()
  depth = depth + 1
  if depth > deepest then deepest = depth end
  local ok, e = pcall(down)
  depth = depth - 1
  return ok, e
end
local ok, e = down()
print(ok, type(e), deepest > 100)
print(depth)
