-- lua: 5.1-5.5

local a, b = {}, {}
local c = a
print(a == b, a == c, {} == {}, rawequal(a, c), rawequal(a, b))
local t = {[a] = "a", [b] = "b"}
print(t[a], t[b], t[c], t[{}])
local function f() end
print(f == f, f == function() end, print == print, print == _G.print)
local p, q = io.stdout, io.stderr
print(p == q, p == io.stdout, coroutine.create(f) == coroutine.create(f))
