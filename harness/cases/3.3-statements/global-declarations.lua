-- lua: 5.5

global x, y = 1, 2
global print
print(x, y)
global function f(n) return n <= 1 and 1 or n * f(n - 1) end
print(f(5))
global *
print(_G.x, type(_G.f), undefined)
do
  global z = 3
  x = 10
  print(x, z)
end
print(z, load("global x; y = 1", "=x"))
print(load("global x; return y", "=x"))
print(load("global *; y = 1", "=x") ~= nil, load("global x; global *; y = 1", "=x") ~= nil)
