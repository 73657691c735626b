-- lua: 5.1-5.5

local function f(...) return select("#", ...), ... end
print(f()) print(f(nil)) print(f(nil, nil)) print(f(1, nil, 3))
local function g(a, b, ...) local c, d = ... return a, b, c, d, select("#", ...) end
print(g()) print(g(1)) print(g(1, 2, 3)) print(g(1, 2, 3, 4, 5))
local function h(...) return (...) end print(h(1, 2, 3)) print(h())
local function k(...) return ..., "end" end print(k(1, 2, 3)) print(k())
local function tail(_, ...) return ... end print(tail(tail(1, 2, 3)))
local function count(...) local n = 0 for _, v in ipairs{...} do n = n + v end return n end print(count(1, 2, 3), count())
print(pcall(select, 0)) print(select(-1, "a", "b")) print(select(2, "a", "b", "c")) print(pcall(select, -5, 1)) print(select(5, 1))
local compile = loadstring or load
print(compile("function f() return ... end", "=x"))
print(compile("function f(...) return function() return ... end end", "=x"))
print(compile("function f(..., a) end", "=x"))
