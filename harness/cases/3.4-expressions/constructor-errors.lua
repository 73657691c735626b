-- lua: 5.1-5.5

local compile = loadstring or load
for _, code in ipairs{"{1 2}", "{,}", "{;}", "{1,,2}", "{x = }", "{[1]}", "{[1] 2}", "{[] = 1}", "{x.y = 1}", "{1, 2", "{x: 1}", "{'a' = 1}", "{1 = 2}", "{f() = 1}",
  "{function() end}", "{...}", "{return}", "{x = 1, y = 2,}", "{nil}", "{[nil] = 1}", "{[{}] = {}}"} do
  local f, message = compile("return " .. code, "=x")
  if f then local ok, r = pcall(f) print(code, ok, type(r) == "table" or r) else print(code, message) end
end
