-- lua: 5.1-5.5

local compile = loadstring or load
print(compile("\nif x then\n\n\n", "=x"))
print(compile("function f()\nwhile x do\nend\n\n", "=x"))
print(compile("f(\n1\n", "=x"))
print(compile("x = {\n1,\n\n2 3}", "=x"))
print(compile("x = (\n1\n", "=x"))
print(compile("for i = 1, 2 do\n\n else", "=x"))
print(compile("repeat\n\n end", "=x"))
