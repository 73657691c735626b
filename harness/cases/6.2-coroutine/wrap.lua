-- lua: 5.1-5.5

local f = coroutine.wrap(function(...) local n = select("#", ...); while n > 0 do n = select("#", coroutine.yield(n)) end return "last", nil end)
print(type(f), f(1, 2, 3), f(nil), f(nil, nil))
print(f())
print(pcall(f))
print(pcall(coroutine.wrap))
print(pcall(coroutine.wrap, 5))
print(pcall(coroutine.wrap, {}))
local g
g = coroutine.wrap(function() return pcall(g) end)
print(g())
for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do io.write(v, " ") end
print()
