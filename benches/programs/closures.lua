-- Functions made and called: upvalues, varargs and higher-order functions.
local function compose(...)
  local functions = { ... }
  return function(x)
    for i = 1, #functions do x = functions[i](x) end
    return x
  end
end

function bench()
  local total = 0
  for i = 1, 60000 do
    local add = function(x) return x + i end
    local scale = function(x) return x * 2 end
    total = (total + compose(add, scale, add)(i)) % 1000003
  end
  return total
end
