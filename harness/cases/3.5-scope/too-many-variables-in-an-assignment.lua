-- lua: 5.1-5.5

local compile = loadstring or load
for _, n in ipairs{10, 190, 195, 199, 200, 205, 250, 300} do
  local f, message = compile(("a,"):rep(n - 1) .. "a = 1", "=x")
  print(n, f and "fine" or message)
  f, message = compile(("a.b,"):rep(n - 1) .. "a.b = 1", "=x")
  print(n, f and "fine" or message)
end
