-- Coroutines in a row, each of which takes from the one before.
local function source(n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(i) end
  end)
end

local function map(f, from)
  return coroutine.wrap(function()
    for x in from do coroutine.yield(f(x)) end
  end)
end

local function filter(p, from)
  return coroutine.wrap(function()
    for x in from do
      if p(x) then coroutine.yield(x) end
    end
  end)
end

function bench()
  local sum = 0
  local squares = map(function(x) return x * x end, source(10000))
  for x in filter(function(x) return x % 3 == 1 end, map(function(x) return x + 1 end, squares)) do
    sum = sum + x % 1009
  end
  return sum
end
