-- lua: 5.1-5.5

print(string.find("abc", "^b"), string.find("abc", "^a"), string.find("abc", "c$"), string.find("abc", "b$"))
print(string.find("abcabc", "^abc", 4), string.find("abcabc", "^abc", 2))
print(string.find("", "^$"), string.find("", "^"), string.find("", "$"))
print(string.find("abc", "^"), string.find("abc", "$"))
print(string.find("abc$", "c$$"), string.find("abc$", "c%$"), string.find("a^b", "a^b"), string.find("a^b", "%^"))
print(string.match("line\n", "^(.-)%s*$"), string.match("x\ny", "^y"), string.match("x\ny", "x$"))
print(string.gsub("aaa", "^a", "b"))
print(string.gsub("aaa", "a$", "b"))
print(string.gsub("aaa", "^", "b"))
print(string.gsub("aaa", "$", "b"))
print(string.gsub("", "^$", "b"))
print(string.gsub("aaa", "^.-$", "<%0>"))
