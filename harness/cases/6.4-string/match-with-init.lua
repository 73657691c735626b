-- lua: 5.1-5.5

print(string.match("hello world", "%a+", 7), string.match("hello world", "%a+", 5), string.match("hello world", "%a+", -3))
print(string.match("hello", "^l+", 3), string.match("hello", "^l+", 2), string.match("hello", "l+()", 4))
print(string.match("hello", ".-", 6), string.match("hello", "()", 6), string.match("hello", "()", 7), string.match("hello", "", 7))
print(string.match("hello", ".", -100), string.match("hello", ".", 0), string.match("", ".", 1), string.match("", ".*", 1))
print(string.match(12.5, "%d+"), string.match(12.5, "%d+", 3), ("x"):match("x"))
