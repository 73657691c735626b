-- lua: 5.3-5.5

local t, f, b, s, n, x = {}, print, true, "abc", nil, 1.5
for _, op in ipairs{"//", "&", "|", "~", "<<", ">>"} do
  print(op)
  for _, pair in ipairs{{"t", "1"}, {"1", "f"}, {"b", "b"}, {"s", "1"}, {"1", "s"}, {"n", "1"}, {"x", "1"}, {"1", "x"}, {"'1.5'", "1"}, {"t.y", "x"},
    {"1e100", "x"}, {"2^63", "1"}, {"s", "x"}, {"x", "t"}} do
    print(load("local t, f, b, s, n, x = ... return pcall(function() return " .. pair[1] .. " " .. op .. " " .. pair[2] .. " end)", "=x")(t, f, b, s, n, x))
  end
end
print(pcall(load "return ~{}"))
print(pcall(load "local x = 1.5 return ~x"))
print(pcall(load "return ~'a'"))
