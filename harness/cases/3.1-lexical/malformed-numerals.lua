-- lua: 5.1-5.5

local compile = loadstring or load
for _, s in ipairs{"3x", "3..2", "1e", "1e+", "1e+x", "0x", "0xg", "0x1p", "0x1p+", "1.2.3", "1..2", "12abc", "0b11", "0o7", "1_000",
  "08e", "0xep1", "0x1.8", "0x.", ".e1", "3e5.", "3e1e2", "0x1p1p1", "1n", "1L", "1ULL", "3e-1x", "0x5pg", "1.e1", "5e5-3"} do
  local f, message = compile("return " .. s, "=x")
  print(s, f and f() or message)
end
