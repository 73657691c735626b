-- lua: 5.1-5.5

local compile = loadstring or load
for _, n in ipairs{100, 248, 249, 250, 253, 254, 255, 256, 300} do
  local list = ("1,"):rep(n - 1) .. "1"
  local f, message = compile("return " .. list, "=x")
  print("return", n, f and select("#", f()) or message)
  f, message = compile("return select('#', " .. list .. ")", "=x")
  print("call", n, f and f() or message)
  f, message = compile("local " .. ("a,"):rep(math.min(n, 190) - 1) .. "a = " .. list .. " return a", "=x")
  print("local", n, f and f() or message)
end
