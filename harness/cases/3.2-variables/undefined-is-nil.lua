-- lua: 5.1-5.5

local a
print(a, b, ({}).c, ({})[1], ({})[a], ("s").nothing)
b = a
print(b == nil, type(b), type(undefined))
