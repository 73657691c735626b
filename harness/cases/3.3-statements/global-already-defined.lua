-- lua: 5.5

global *
print(pcall(load("global new = 1; return new", "=x")))
print(pcall(load("global new = 2; return new", "=x")))
print(pcall(load("global new; new = 3; return new", "=x")))
print(pcall(load("global function new() end", "=x")))
print(pcall(load("global print, a = 1, 2", "=x")))
print(pcall(load("global a, b = 1; return a, b", "=x")))
print(new, a, b)
