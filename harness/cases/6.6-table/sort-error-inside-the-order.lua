-- lua: 5.1-5.5

local calls = 0
local t = {5, 4, 3, 2, 1}
print(pcall(table.sort, t, function(a, b)
  calls = calls + 1
  if calls == 4 then error("enough") end
  return a < b
end))
print(calls, #t)
local sum = 0
for _, v in ipairs(t) do sum = sum + v end
print(sum)
print(pcall(table.sort, t, function() error({}) end) == false)
print(pcall(table.sort, t, function() error("no position", 0) end))
print(pcall(table.sort, t, function() error() end))
print(pcall(table.sort, t, function(a, b) return a.x < b.x end))
