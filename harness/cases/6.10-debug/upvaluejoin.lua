-- lua: 5.2-5.5

local function counter()
  local n = 0
  return function() n = n + 1 return n end
end
local c1, c2 = counter(), counter()
c1() c1()
print(c1(), c2())
print(select("#", debug.upvaluejoin(c2, 1, c1, 1)))
print(c2(), c1(), debug.upvalueid(c1, 1) == debug.upvalueid(c2, 1))
print(pcall(debug.upvaluejoin, c1, 2, c2, 1))
print(pcall(debug.upvaluejoin, c1, 1, c2, 9))
print(pcall(debug.upvaluejoin, c1, 1, print, 1))
print(pcall(debug.upvaluejoin, print, 1, c1, 1))
print(pcall(debug.upvaluejoin, c1, 1))
print(pcall(debug.upvaluejoin, c1, 0, c2, 1))
