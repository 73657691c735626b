-- lua: 5.1-5.5

local compile = loadstring or load
print(compile("return")())
print(compile("return 1, nil, 3, nil")())
print(select("#", compile("return 1, nil, 3, nil")()))
print(compile("do return 1 end return 2")())
print(compile("return ...")(7, 8))
print(compile("return 1 print(2)", "=x"))
print(compile("if true then return 1 end return 2")())
return 1, 2
