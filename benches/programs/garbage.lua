-- Binary trees: many small objects that soon die.
local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end

local function count(node)
  if not node[1] then return 1 end
  return 1 + count(node[1]) + count(node[2])
end

function bench()
  local total, long_lived = 0, tree(12)
  for _ = 1, 24 do total = total + count(tree(10)) end
  return total, count(long_lived)
end
