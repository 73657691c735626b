-- lua: 5.5

local function f(...t) return t.n, t[1], t[2], #t, type(t) end
print(f()) print(f(1)) print(f(1, nil)) print(f("a", "b", "c"))
local function g(a, ...rest) rest[1] = "changed" return a, rest.n, ... end
print(g(1, 2, 3)) print(g(1))
local function h(...t) return ... end
print(h(1, nil, 3, nil)) print(select("#", h()))
local function k(...t) local u = t u.x = 5 return t.x, u == t, t.n end
print(k(1, 2))
local function m(...t) t.n = 1 return ... end
print(pcall(m, 1, 2, 3))
local function bad(...t) t.n = "x" return ... end
print(pcall(bad, 1, 2, 3))
print(load("function f(...t) t = {} end", "=x"))
print(load("function f(...t, a) end", "=x"))
print(load("function f(... 5) end", "=x"))
