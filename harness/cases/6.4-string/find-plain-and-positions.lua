-- lua: 5.1-5.5

print(string.find("a.b", ".", 1, true), string.find("a.b", ".", 1, false), string.find("a.b", ".", 1, nil), string.find("a.b", ".", 1, 0))
print(string.find("a+b", "+", 1, true), string.find("a+b", "a+b"), string.find("a+b", "a%+b"))
print(string.find("abc", ""), string.find("abc", "", 3), string.find("abc", "", 4), string.find("abc", "", 5), string.find("abc", "", 10))
print(string.find("abc", "", -1), string.find("abc", "", -10), string.find("", ""), string.find("", "", 2), string.find("", "", 1, true))
print(string.find("abc", "", 4, true), string.find("abc", "", 5, true), string.find("abc", "c", 4), string.find("abc", "c", -1), string.find("abc", "b", -1))
print(string.find("aaa", "a", 0), string.find("aaa", "a", -2), string.find("aaab", "ab", 1, true), string.find("aab", "aaab", 1, true))
print(string.find("a\0b\0c", "\0c", 1, true), string.find("a\0b", "b", 1, true), string.find("\255\254", "\254"))
print(string.find("abc", "(b)(c)"), string.find("abc", "(b)(c)", 1, true), string.find("a(b)", "(b)", 1, true))
print(string.find(12345, 34), string.find("12345", 34, "2"), string.find("x", "x", "1"))
