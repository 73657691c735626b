-- lua: 5.1-5.5

local values = {n = 10, nil, true, false, 0, -0.0, 1/0, "", "\0", {}, print}
for i = 1, values.n do print(i, type(values[i])) end
print(type(function() end), type(coroutine.create(function() end)), type(io.stdout))
print(pcall(type))
print(type(nil), type((print())))
print(type(nil) == "nil", type(type(nil)))
print(select("#", type(1, 2, 3)))
