-- lua: 5.2-5.5

local code = string.dump(function(a) local t = {x = "constant", 1.5, a}; return t.x, t[1], t[2] end)
print(load(code, "=b", "b")("arg"))
print(load(code:sub(1, 4), "=b"))
print(load(code:sub(1, 10), "=b"))
print(load(code:sub(1, -2), "=b"))
print(load(code:sub(1, #code - 8), "=b"))
print(load("\27Lua", "=b"))
print(load("\27", "=b"))
print(load("\27Luaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "=b"))
print(load(code:sub(1, 4) .. "\1" .. code:sub(6), "=b"))
