-- lua: 5.1-5.5

print(next({}), next({}, nil), next({10}), next({10}, 1), next({x = "only"}), next({x = "only"}, "x"))
print(pcall(next))
print(pcall(next, 5))
print(pcall(next, {}, "missing"))
print(pcall(next, {1, 2}, 3))
print(pcall(next, {1, 2, x = 3}, 0))
local t = {1, 2, 3}
print(next(t, 1), next(t, 2), next(t, 3))
print(pcall(next, t, 2.0))
local sum = 0
for k, v in next, {1, 2, 3, a = 4, b = 5} do sum = sum + v end
print(sum)
t = {a = 1, b = 2, c = 3, d = 4}
for k in pairs(t) do t[k] = nil end
print(next(t))
for k in pairs {x = 1, y = 2} do t[k] = k end
print(t.x, t.y)
