-- lua: 5.1-5.5

local function f(a)
  local b = a

  if b then
    return 1
  end
  -- comment
  return 2
end
local function lines(g)
  local t = {}
  for l in pairs(debug.getinfo(g, "L").activelines) do t[#t + 1] = l end
  table.sort(t)
  print(table.concat(t, " "))
end
lines(f)
lines(function() end)
lines(function(...)
  return ...
end)
lines((loadstring or load)("local x = 1\n\nx = 2\n"))
print(debug.getinfo(print, "L").activelines)
print(type(debug.getinfo(1, "L").activelines))
