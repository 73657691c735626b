-- lua: 5.1-5.5

print(string.match("key = value", "^(%w+)%s*=%s*(%w+)$"))
print(string.match("2024-05-17", "((%d+)-(%d+))-(%d+)"))
print(string.match("hello", "()ll()"))
print(string.match("hello", "()"), string.match("", "()"), string.match("hello", "()$"))
print(string.match("abc", "((a)(b)(c))"))
print(string.match("abc", "(a*(.)%w(%s*))"))
print(string.find("abc", "()b()"))
local a, b = string.match("xyz", "()y(z)")
print(type(a), type(b), a, b, math.type and math.type(a))
print(string.match("aaa", "(a-)(a-)$"), string.match("aaa", "(a*)(a*)"))
print(string.match("abc", "(x?)b"), string.match("abc", "(x?)(b)"))
