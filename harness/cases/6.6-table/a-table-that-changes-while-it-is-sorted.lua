-- lua: 5.1-5.5

local t = {4, 3, 2, 1}
local calls = 0
local ok, message = pcall(table.sort, t, function(a, b)
  calls = calls + 1
  t[5] = 0
  t.extra = calls
  if not (a and b) then return false end
  return a < b
end)
print(ok, message, t[5])
local u = {3, 2, 1}
ok, message = pcall(table.sort, u, function(a, b)
  for i = 1, 3 do u[i] = nil end
  return a < b
end)
print(ok, message)
