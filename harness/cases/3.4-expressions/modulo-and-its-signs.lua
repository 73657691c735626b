-- lua: 5.1-5.5

for _, a in ipairs{5, -5, 5.5, -5.5, 0, -0.0, 1/0, -1/0, 1e308} do
  for _, b in ipairs{3, -3, 0.5, -3.25, 1/0, -1/0} do
    local r = a % b
    print(a, b, r == r and r or "nan", r == 0 and 1 / r or "")
  end
end
