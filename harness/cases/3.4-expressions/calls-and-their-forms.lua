-- lua: 5.1-5.5

local function show(...) return select("#", ...), ... end
print(show"string") print(show[[long]]) print(show{1} == 1) print(show()) print(show(nil)) print((show(1, 2)))
print(("x"):rep(3), ("%d"):format(5), #("abc"):upper(), ("abc"):len())
local t = {f = show, g = {h = show}} print(t.f(1), t.g.h(2), t["f"](3)) print(select(2, t:f(4)) == t)
print((function(...) return ... end)(1, 2)) print(show"a", show{}, show[==[b]==])
