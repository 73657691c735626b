-- lua: 5.1-5.5

local function compose(f, g) return function(...) return f(g(...)) end end
local function add1(x) return x + 1 end
print(compose(add1, add1)(1), compose(tostring, add1)(1), compose(select, function() return "#", 1, nil, nil end)())
local counters = {}
for i = 1, 3 do
  local n = 0
  counters[i] = function() n = n + i; return n end
end
print(counters[1](), counters[1](), counters[2](), counters[3](), counters[2]())
local t = {[print] = "print", [add1] = "add1"}
print(t[print], t[add1], t[function() end])
print((function(...) return select("#", ...) end)(nil, nil))
