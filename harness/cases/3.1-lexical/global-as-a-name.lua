-- lua: 5.1-5.5

-- In 5.5 `global` is a keyword only where a declaration may begin (with compatibility), else reserved.
local compile = loadstring or load
for _, code in ipairs{"global = 1 return global", "local global = 2 return global", "return ({global = 3}).global",
  "local t = {} t.global = 4 return t.global", "global x = 5 return x", "global(1)", "global.x = 1", "global, x = 6, 7 return global"} do
  local f, message = compile(code, "=x")
  if f then print(code, pcall(f)) else print(code, message) end
end
