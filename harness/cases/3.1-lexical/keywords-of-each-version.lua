-- lua: 5.1-5.5

-- Which words cannot be names of variables; `goto` and `global` came late.
local compile = loadstring or load
local words = {"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "global", "goto", "if",
  "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while", "self", "End", "NIL"}
for _, word in ipairs(words) do
  local f, message = compile("local " .. word .. " = 1; return " .. word, "=x")
  print(word, f and f() or message)
end
