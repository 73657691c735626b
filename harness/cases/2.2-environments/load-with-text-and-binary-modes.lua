-- lua: 5.2-5.5

local binary = string.dump(function(...) return "ran", ... end)
print(load("return 1", "=text", "b"))
print(load(binary, "=binary", "t"))
print(load(binary, "=binary", "b")(1))
print(load(binary, "=binary", "bt")(2), load("return 3", "=t", "bt")())
print(load("return 1", "=text", "x"))
print(load(binary, "=binary", ""))
print(pcall(load, "return 1", "=text", {}))
