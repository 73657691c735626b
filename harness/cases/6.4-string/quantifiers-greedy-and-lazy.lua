-- lua: 5.1-5.5

local s = "<<a>><b>"
for _, p in ipairs{"<.*>", "<.->", "<+", "<-", "<*", "<?", "<?>", "<-a", "<?<?<?<?a", ".-", ".-$", "^.-$", ".+b", ".?b",
    "x*", "x-", "x?", "x+", "[<>]+$", "a*>*<*", "()<-()a", "%a%p+%a", "%a%p-%a", ">-$"} do
  local i, j, c1, c2 = string.find(s, p)
  print(p, i, j, i and string.format("%q", string.sub(s, i, j)), c1, c2)
end
