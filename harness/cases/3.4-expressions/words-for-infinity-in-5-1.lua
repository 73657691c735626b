-- lua: 5.1-5.5

-- 5.1 leaves these to strtod.
for _, s in ipairs{"inf", "INF", "infinity", "-inf", "+inf", "infinit", "nan", "NaN", "-nan", "nan(1)", "nan()", "nan(", "nan(x-y)", "infx"} do
  local x = tonumber(s)
  print(s, x ~= x and "not a number" or x)
end
