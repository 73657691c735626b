-- Queens that do not attack each other: backtracking with arrays of booleans.
local function place(row, n, columns, up, down)
  if row > n then return 1 end
  local found = 0
  for column = 1, n do
    local u, d = row + column, row - column + n
    if not (columns[column] or up[u] or down[d]) then
      columns[column], up[u], down[d] = true, true, true
      found = found + place(row + 1, n, columns, up, down)
      columns[column], up[u], down[d] = false, false, false
    end
  end
  return found
end

function bench()
  local n, columns, up, down = 9, {}, {}, {}
  for i = 1, n do columns[i] = false end
  for i = 1, 2 * n do up[i], down[i] = false, false end
  return place(1, n, columns, up, down)
end
