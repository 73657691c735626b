-- lua: 5.1-5.5

local values = {1, 1.5, "s", true, {}, print, function() end, coroutine.create(function() end), io.stdout}
for i = 1, #values do print(i, type(values[i])) end
print(type(nil), type(type(nil)), pcall(type))
print(type(_G), type(_VERSION), type(0/0))
