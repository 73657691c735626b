-- lua: 5.1-5.5

-- 5.1 refuses [[ in [[ ]]; later versions take it.
local compile = loadstring or load
for _, code in ipairs{"return [[ a [[ b ]]", "return [=[ a [[ b ]=]", "return [=[ a [=[ b ]=]", "--[[ a [[ b ]]\nreturn 1"} do
  print(compile(code, "=x") and "taken" or (select(2, compile(code, "=x"))))
end
