-- lua: 5.4-5.5

print(string.format("%p %p %p %p", nil, true, 1, 2.5))
print(string.format("%10p|%-10p|", 1, 1))
local t, f = {}, function () end
print(string.format("%p", t) == tostring(t):match("0x%x+"), string.format("%p", f) == tostring(f):match("0x%x+"), string.format("%p", t) == string.format("%p", {}))
print(string.format("%p", "ab") == string.format("%p", "a" .. "b"), string.format("%p", print) == string.format("%p", print))
print(#string.format("%30p", t), #string.format("%-30p", t))
print(pcall(string.format, "%p"))
print(pcall(string.format, "%.3p", t))
print(pcall(string.format, "%010p", t))
print(pcall(string.format, "%+p", t))
