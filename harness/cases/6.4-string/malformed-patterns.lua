-- lua: 5.1-5.5

for _, p in ipairs{"%", "a%", "[", "[a", "[^", "[]", "[^]", "[%", "[%a", "[a-", "[a-%", "(", "(a", ")", "a)", "(()", "())", "((a)", "%b", "%bx",
    "%f", "(%", "[[", "[%]", "([a)]", "%", "a%\0"} do
  for _, f in ipairs{"find", "match", "gsub"} do
    print(f, string.format("%q", p), pcall(string[f], "a", p, f == "gsub" and "" or nil))
  end
end
