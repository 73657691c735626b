-- lua: 5.1-5.5

local compile = loadstring or load
for _, code in ipairs{"return 'a", 'return "a', "return 'a\nb'", "return 'a\rb'", "return 'a\\", "return '", "return 'a\"",
  "return [[a", "return [==[a]=]", "return [==[a]]\n\n", "--[[ a", "x = 1 --[==[ a\n\n]]", "return [=a", "return [=", "return [=["} do
  print((select(2, compile(code, "=x"))))
end
