-- lua: 5.5

print(load("global x; x = 1; return y"))
print(load("global none; y = 1"))
print(pcall(load("global<const> print; global x = 3; print(x)")))
print(load("global<const> x; x = 1"))
print(load("global *; y = 2; return y")())
print(load("global<const> *; z = 2"))
print(pcall(load("global function f() return 'f' end; return f()")))
print(pcall(load("global<const> error, f; f()")))
y, x, f = nil, nil, nil
