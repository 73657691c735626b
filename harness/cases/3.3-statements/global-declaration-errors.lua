-- lua: 5.5

for _, code in ipairs{"global x; y = 1", "global x <const>; x = 1", "global <const> x; x = 1", "global <const> *; x = 1", "global <const> *; print(x)",
  "global x <close>", "global <close> x", "global none; print(1)", "global *, x", "global x, *", "global <const> a, b; b = 1",
  "global function f.g() end", "global function f() end f = 1", "global x; local function g() return y end", "local x; global x; x = 1",
  "global x; do local x; x = 1 end", "global _ENV", "local _ENV = {}; global x; x = 1", "global 5", "global x = 1, 2",
  "global x <const> = 1", "do global x end y = 1", "global x; do global * y = 1 end y = 2", "global x <attr>"} do
  local f, message = load(code, "=x")
  print(code, f and "fine" or message)
end
