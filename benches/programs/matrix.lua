-- Matrices of floats: nested arrays, and a product.
local function make(n, seed)
  local m = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = (i * seed + j) % 17 / 4 end
    m[i] = row
  end
  return m
end

local function transpose(m)
  local n, t = #m, {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = m[j][i] end
    t[i] = row
  end
  return t
end

local function multiply(a, b)
  local n, c, bt = #a, {}, transpose(b)
  for i = 1, n do
    local row, ai = {}, a[i]
    for j = 1, n do
      local sum, bj = 0.0, bt[j]
      for k = 1, n do sum = sum + ai[k] * bj[k] end
      row[j] = sum
    end
    c[i] = row
  end
  return c
end

function bench()
  local c = multiply(make(90, 3), make(90, 5))
  return c[1][1] + c[45][45] + c[90][90]
end
