-- lua: 5.1-5.5

local t = {1, 2; 3, x = 4, ["y z"] = 5, [10] = 6, 7,}
print(#t, t[1], t[4], t.x, t["y z"], t[10])
local function f() return "a", "b" end
print(#{f()}, #{f(), f()}, #{(f())}, #{f(), nil}, #{x = f()}, #{[1] = f()}, #{f(), x = 1})
print(({[1] = "first", "second"})[1], ({"one", [1] = "two"})[1], ({x = 1, x = 2}).x, ({[1.0] = "f"})[1])
local function g(...) return #{...}, #{..., "x"}, #{"x", ...} end
print(g(1, 2, 3)) print(g())
print(({f = function(self) return self end}).f(5), #{{}, {{}}}, ({{{"deep"}}})[1][1][1], ({n = nil}).n)
print(next({}), next({nil}), next({nil, nil}), ({nil, 2})[2], ({"a"; "b"})[2])
