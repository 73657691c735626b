-- lua: 5.1-5.5

local values = {0, -0.0, 1, 1.0, -1, 0.5, 1/0, -1/0, 0/0, 2^53, 2^53 + 1}
for i, a in ipairs(values) do
  local t = {}
  for j, b in ipairs(values) do
    t[j] = (a < b and "<" or "") .. (a <= b and "[" or "") .. (a == b and "=" or "") .. (a > b and ">" or "") .. (a >= b and "]" or "") .. (a ~= b and "!" or "")
  end
  print(table.concat(t, " "))
end
