-- lua: 5.2-5.5

print("one\z
       two\z three")
print("a\z

	 b", #"\z   ", "\z", "x\z\z\zy")
print(load("return 'a\\z'", "=x"))
print(load("return 'a\\z\n\n b'", "=x")())
print(load("return 'a\\z\n\n b\n'", "=x"))
