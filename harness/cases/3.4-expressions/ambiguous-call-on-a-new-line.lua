-- lua: 5.1-5.5

-- 5.1 refuses it, later versions call.
local compile = loadstring or load
for _, code in ipairs{"local a = f\n(1)", "local a = f\n'x'", "local a = f\n{}", "f\n(1)", "local a = f;\n(g)(1)", "f(\n1\n)\n(2)", "local a = f\n:m()", "local a = f\n.x"} do
  local chunk, message = compile(code, "=x")
  print((code:gsub("\n", "|")), chunk and "fine" or message)
end
