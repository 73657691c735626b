-- lua: 5.1-5.2, 5.4-5.5

local t = math.type or type
for _, v in ipairs{0, 1, 2, 3, -3, 0.1, 1024, 2^53, 5e-324, 1.7976931348623157e308, "8"} do
  local m, e = math.frexp(v)
  print(string.format("%.17g", m), t(m), e, t(e), math.ldexp(m, e) == v + 0)
end
print((math.frexp(1/0)), (math.frexp(-1/0)), math.frexp(0/0) ~= math.frexp(0/0))
print(math.ldexp(1, 1024), math.ldexp(-1, 2000), math.ldexp(1, -1074), math.ldexp(1, -1075), math.ldexp(3, "4"))
print(1 / math.ldexp(-0.0, 5), math.ldexp(1/0, -10))
print(pcall(math.frexp))
print(pcall(math.frexp, "x"))
print(pcall(math.ldexp, 1))
print(pcall(math.ldexp, "x", 1))
print(pcall(math.ldexp, 1, {}))
