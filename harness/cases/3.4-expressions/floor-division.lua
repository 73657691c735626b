-- lua: 5.3-5.5

for _, a in ipairs{7, -7, 7.5, -7.5, 0, -0.0, math.huge, -math.huge, math.maxinteger, math.mininteger} do
  for _, b in ipairs{2, -2, 2.0, 0.1, -1, math.huge, -math.huge} do
    local q = a // b
    print(a, b, q == q and q or "nan", math.type(q))
  end
end
