-- Closures that share upvalues, written and read many times.
local function counter(step)
  local count = 0
  local function add() count = count + step return count end
  local function get() return count end
  local function reset() count = 0 end
  return add, get, reset
end

function bench()
  local total = 0
  local add1, get1, reset1 = counter(1)
  local add3, get3 = counter(3)
  for i = 1, 100000 do
    add1()
    if add3() % 5 == 0 then add1() end
    if i % 1000 == 0 then
      total = total + get1() + get3()
      reset1()
    end
  end
  return total
end
