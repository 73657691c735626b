-- lua: 5.1-5.5

-- 5.1 takes any position
local function try(...)
  local t = {"a", "b"}
  local ok, message = pcall(table.insert, t, ...)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys)
  for i, k in ipairs(keys) do keys[i] = k .. "=" .. tostring(t[k]) end
  print(ok, message, table.concat(keys, " "))
end
try(0, "x")
try(-3, "x")
try(4, "x")
try(3, "x")
try()
try("x", "y")
try(1, "x", "y")
try(nil, "y")
try(1, nil)
print(pcall(table.insert))
print(pcall(table.insert, nil, 1))
print(pcall(table.insert, 12, 1))
