-- lua: 5.1-5.5

local compile = loadstring or load
for _, n in ipairs{1, 39, 40, 41, 255, 256, 5000} do
  local name = ("n"):rep(n)
  local f = assert(compile("local " .. name .. " = 5; return " .. name .. ", #'" .. name .. "'"))
  print(n, f())
  print(#select(2, pcall(assert(compile("return " .. name .. ".x", "=x")))))
end
