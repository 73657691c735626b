-- lua: 5.1-5.5

local function f(...) return 1, 2, 3 end
print((f())) print(((f()))) print((f()), (f())) print((...), ((1 + 2) * 3), ("a")) print((nil), (false))
local t = {(f())} print(#t)
local compile = loadstring or load
for _, code in ipairs{"return (1", "return ()", "return (1))", "return (1)(2)", "return (f)", "(f)()", "(f).x = 1", "(f.x)", "(f)", "return ((((1))))", "('x'):rep(2)", "return ('x').y", "return 'x':rep(2)", "return {}.x", "return 'x'.y", "return ({}).x", "return (...)()", "return ..."} do
  local g, message = compile(code, "=x")
  print(code, g and "fine" or message)
end
