-- lua: 5.1-5.5

local function show(a, b)
  local t = math.type or type
  print(t(a), a, t(b), b)
end
for _, v in ipairs{0, 3, -3, 3.25, -3.25, 0.5, 2^53, 1e300, -1e300, 1/0, -1/0, "2.5"} do show(math.modf(v)) end
local i, f = math.modf(0/0)
print(i ~= i, f ~= f)
i, f = math.modf(-0.0)
print(1 / i, 1 / f)
i, f = math.modf(-0.25)
print(1 / i, f)
print(pcall(math.modf))
print(pcall(math.modf, "z"))
if math.maxinteger then show(math.modf(math.maxinteger)) show(math.modf(math.mininteger)) end
