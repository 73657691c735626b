-- lua: 5.1-5.5

-- 5.1 has no empty statement.
local compile = loadstring or load
for _, code in ipairs{";", ";;", "x = 1;", "x = 1;;", "do ; end", "return;", "return 1;", "return 1;;", "local a;b = 1", "break;", "while true do break; end return 'out'"} do
  local f, message = compile(code, "=x")
  if f then print(code, f()) else print(code, message) end
end
