-- lua: 5.1-5.5

local compile = loadstring or load
for _, code in ipairs{"x =", "x = = 1", "x = 1 +", "if x", "if x then", "\n\nif x then\n\n", "for", "for i", "for i =", "for i = 1", "for i = 1,",
  "for i = 1, 2", "for i in", "while", "repeat", "repeat until", "function", "function f", "function f(", "function f() ", "local",
  "local function", "return return", "x", "x.y", "x:y", "f(", "f(1,", "{", "x = {", "x = {1, 2", "x = }", "x, y", "x, f() = 1, 2",
  "f() = 1", "(x)", "(x) = 1", "1 = x", "'a'", "end", "else", "until", "do", "..."} do
  print(code:gsub("\n", "|"), (select(2, compile(code, "=x"))))
end
