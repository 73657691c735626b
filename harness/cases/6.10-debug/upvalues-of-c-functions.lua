-- lua: 5.1-5.5

local g = string.gmatch("a", ".")
local n = 0
while true do
  local name, value = debug.getupvalue(g, n + 1)
  if not name then break end
  n = n + 1
  print(n, "[" .. name .. "]", type(value))
end
local wrap = coroutine.wrap(function() return 1 end)
local name, value = debug.getupvalue(wrap, 1)
print("[" .. tostring(name) .. "]", type(value))
print(debug.getupvalue(wrap, 2))
