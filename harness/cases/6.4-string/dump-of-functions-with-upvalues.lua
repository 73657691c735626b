-- lua: 5.2-5.5

local count = 0
local function bump() count = count + 1 return count end
bump()
local copy = load(string.dump(bump))
print(pcall(copy))
print(debug.getupvalue(copy, 1))
debug.setupvalue(copy, 1, 41)
print(copy(), copy(), count, bump())
local function globals() return type(print), x end
x = "global x"
print(pcall(load(string.dump(globals), "g", "b", {type = type, print = 1, x = 2})))
print(debug.getupvalue(globals, 1))
