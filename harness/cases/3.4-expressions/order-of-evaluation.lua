-- lua: 5.1-5.5

local function v(x) io.write(tostring(x), " ") return x end
local _ = v(1) + v(2) * v(3) ^ v(4) print()
_ = v(1) < v(2) print()
_ = v(1) > v(2) print()
_ = v(1) >= v(2) print()
_ = v"a" .. v"b" .. v"c" print()
_ = {v(1), [v(2)] = v(3), x = v(4), v(5)} print()
_ = (v("f") and tostring)(v(1), v(2)) print()
local t = {} t[v(1)] = v(2) print()
local function f(...) return select("#", ...) end
print(f(v(1), v(2), (v(3))))
