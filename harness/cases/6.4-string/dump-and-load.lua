-- lua: 5.1-5.5

local load = loadstring or load
local function add(a, b) return a + b end
local code = string.dump(add)
print(type(code), #code > 20, code:sub(2, 4), code:byte(1), code:byte(5))
local again = assert(load(code, "name"))
print(again(2, 3), pcall(again, {}, 1))
local function many(...) local t = {...} return #t, select("#", ...), ... end
print(load(string.dump(many))(1, nil, "x"))
local function consts() return 1, -1, 1.5, 1e300, "s", "long " .. ("x"):rep(5), nil, true, 2^53, "\0\255" end
print(load(string.dump(consts))())
local function nested() local function f(n) return n == 0 and 1 or n * f(n - 1) end return f end
print(load(string.dump(nested))()(10))
print(string.dump(add) == code, string.dump(again) == code or "line names")
