-- Functions of any number of arguments: select, unpack, packing and passing on.
local unpack = table.unpack or unpack

local function sum(...)
  local total = 0
  for i = 1, select("#", ...) do total = total + (select(i, ...)) end
  return total
end

local function pack(...) return { n = select("#", ...), ... } end

local function pass(f, ...) return f(...) end

local function tail(first, ...) return ... end

function bench()
  local total = 0
  for i = 1, 10000 do
    local packed = pack(i, i + 1, i + 2, nil, 5)
    total = total + sum(i, 2, 3, 4) + packed.n + pass(sum, unpack(packed, 1, 3))
    total = total + sum(tail(1, 2, 3)) + math.max(i % 7, i % 11, i % 13)
  end
  return total
end
