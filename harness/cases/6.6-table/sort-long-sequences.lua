-- lua: 5.1-5.5

local x = 42
local function nextnumber() x = (x * 1103515245 % 2147483648 + 12345) % 2147483648; return x end
local function check(n, make, f)
  local t = {}
  for i = 1, n do t[i] = make(i) end
  table.sort(t, f)
  f = f or function(a, b) return a < b end
  for i = 2, n do assert(not f(t[i], t[i - 1])) end
  print(n, t[1], t[n])
end
check(500, nextnumber)
check(500, function(i) return i end)
check(500, function(i) return -i end)
check(300, function() return 7 end)
check(300, function(i) return i % 3 end)
check(257, function() return nextnumber() % 100 end, function(a, b) return a > b end)
check(150, function(i) return i % 2 == 0 and i or -i end)
