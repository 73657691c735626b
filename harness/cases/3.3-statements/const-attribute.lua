-- lua: 5.4-5.5

local a <const>, b, c<const> = 1, 2, {3}
b = 5 c[1] = 4
print(a, b, c[1])
local s <const>, n <const>, t <const>, f <const> = "str", nil, true, 1.5
print(s .. a, n, t, f + a, #s, -a, ~a, not t, a << 2)
for _, code in ipairs{"local x <const> = 1; x = 2", "local x <const> = 1; function f() x = 2 end", "local x <const> = 1; function x() end",
  "local x <const>, y = 1; y = 2; x, y = 1, 2", "local x <constant> = 1", "local x <const", "local x <5> = 1", "local x <> = 1",
  "local x <const>; x = 1", "local x <const> = 1; local x = 2; x = 3", "local <const> x = 1", "local x <const> <close> = 1"} do
  local f, message = load(code, "=x")
  print(code, f and "fine" or message)
end
