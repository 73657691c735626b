-- A pipeline of coroutines: each stage pulls values from the one before it, and
-- nothing is computed before it is asked for.
--
--   luago-run guests/examples/pipeline.lua

local yield = coroutine.yield

-- Stages are functions from a source to a source; a source is called for its
-- next value and returns nil at its end.
local function source(produce)
  return coroutine.wrap(function()
    produce()
    return nil
  end)
end

local function numbers(from)
  return source(function()
    local n = from
    while true do
      yield(n)
      n = n + 1
    end
  end)
end

local function filter(test)
  return function(input)
    return source(function()
      for value in input do
        if test(value) then
          yield(value)
        end
      end
    end)
  end
end

local function map(f)
  return function(input)
    return source(function()
      for value in input do
        yield(f(value))
      end
    end)
  end
end

local function take(count)
  return function(input)
    return source(function()
      for _ = 1, count do
        local value = input()
        if value == nil then
          return
        end
        yield(value)
      end
    end)
  end
end

local function pipe(input, ...)
  for i = 1, select("#", ...) do
    input = select(i, ...)(input)
  end
  return input
end

local function collect(input)
  local values = {}
  for value in input do
    values[#values + 1] = tostring(value)
  end
  return table.concat(values, " ")
end

print("even squares:  " .. collect(pipe(
  numbers(1),
  map(function(n) return n * n end),
  filter(function(n) return n % 2 == 0 end),
  take(8)
)))

-- Every prime that is found becomes one more stage of its own pipeline.
local function primes()
  return source(function()
    local input = numbers(2)
    while true do
      local prime = input()
      yield(prime)
      input = filter(function(n) return n % prime ~= 0 end)(input)
    end
  end)
end

print("primes:        " .. collect(pipe(primes(), take(15))))

-- An error in a stage travels through the whole pipeline to whoever pulls.
local ok, problem = pcall(collect, pipe(
  numbers(1),
  map(function(n)
    if n == 4 then
      error({ stage = "map", value = n })
    end
    return n
  end),
  take(10)
))
print("an error:      " .. (ok and "none" or problem.stage .. " will not take " .. problem.value))
