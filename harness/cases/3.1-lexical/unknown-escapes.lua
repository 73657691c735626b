-- lua: 5.1-5.5

-- 5.1 takes the character as it is; later it is an error.
local compile = loadstring or load
for c in ("cdegijklmopqswyACZ$%./? "):gmatch(".") do
  local f, message = compile("return 'a\\" .. c .. "b'", "=x")
  print(c, f and f() or message)
end
