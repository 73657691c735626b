-- lua: 5.1-5.5

local t, f, b, s, n = {}, print, true, "abc", nil
local compile = loadstring or load
for _, op in ipairs{"+", "-", "*", "/", "%", "^"} do
  print(op)
  local code = "local t, f, b, s, n = ... return pcall(function() return A %s B end)"
  for _, pair in ipairs{{"t", "1"}, {"1", "f"}, {"b", "b"}, {"s", "1"}, {"1", "s"}, {"n", "n"}, {"t", "n"}, {"s", "s"}, {"'1'", "t"}, {"t.x", "2"}} do
    local text = code:gsub("A", pair[1]):gsub("B", pair[2]):gsub("%%s", (op:gsub("%%", "%%%%")))
    print(assert(compile(text, "=x"))(t, f, b, s, n))
  end
end
