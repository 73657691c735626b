-- lua: 5.1-5.5

local function try(n, f)
  local t = {}
  for i = 1, n do t[i] = i end
  local ok, message = pcall(table.sort, t, f)
  print(n, ok, message)
end
local always = function() return true end
try(1, always)
try(2, always)
try(3, always)
try(4, always)
try(5, always)
try(10, always)
try(50, always)
try(10, function(a, b) return a <= b end)
try(40, function(a, b) return a >= b end)
try(10, function(a, b) return a ~= b end)
