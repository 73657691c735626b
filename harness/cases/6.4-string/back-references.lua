-- lua: 5.1-5.5

print(string.match([[say "it's" or 'so']], [[(["'])(.-)%1]]))
print(string.find("abcabc", "(abc)%1"), string.find("abcab", "(abc)%1"))
print(string.match("aabbcc", "((.)%2)((.)%4)"))
print(string.gsub("hello wood", "(%a)%1", "<%1>"))
print(string.match("xx", "(x?)%1%1"), string.match("a\0a\0", "(a%z)%1") and "zeros")
for _, p in ipairs{"%1", "(%1)", "(a)%2", "((a)%1)", "%0", "(a)%0", "()%1", "(a)(b)%3", "%9"} do
  print(p, pcall(string.find, "aa", p))
end
