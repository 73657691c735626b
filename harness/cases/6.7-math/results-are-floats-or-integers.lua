-- lua: 5.3-5.5

for _, name in ipairs{"abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "log", "rad", "sin", "sqrt", "tan", "tointeger"} do
  print(name, math.type(math[name](1)), math.type(math[name](1.0)))
end
print(math.type(math.fmod(3, 2)), math.type(math.fmod(3, 2.0)), math.type((math.modf(3))), math.type((math.modf(3.5))))
print(math.type(math.max(1, 2.0)), math.type(math.min(1, 2.0)))
