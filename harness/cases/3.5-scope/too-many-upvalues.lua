-- lua: 5.1-5.5

-- 60 in 5.1, 255 later.
local compile = loadstring or load
local function code(n)
  local t = {}
  local first = math.min(n, 150)
  for i = 1, first do t[#t + 1] = "local a" .. i .. " = 1" end
  t[#t + 1] = "local function middle()"
  for i = first + 1, n do t[#t + 1] = "local a" .. i .. " = 1" end
  t[#t + 1] = "return function() local s = 0"
  for i = 1, n do t[#t + 1] = "s = s + a" .. i end
  t[#t + 1] = "return s end end return middle()()"
  return table.concat(t, "\n")
end
for _, n in ipairs{1, 59, 60, 61, 254, 255, 256, 300} do
  local f, message = compile(code(n), "=x")
  print(n, f and f() or message)
end
