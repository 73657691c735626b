-- lua: 5.1-5.5

local function show(v) print(math.type and math.type(v) or type(v), v) end
for _, v in ipairs{0, -1, 1, -2.5, 2.5, -1e308, 1/0, -1/0, 2^53, -(2^53), 1e15, "7", "-7.5", "0x10"} do
  show(math.abs(v))
end
print(1 / math.abs(-0.0))
local nan = math.abs(0/0)
print(nan ~= nan)
if math.mininteger then
  show(math.abs(math.mininteger))
  show(math.abs(math.maxinteger))
  show(math.abs(math.mininteger + 0.0))
end
print(pcall(math.abs))
print(pcall(math.abs, nil))
print(pcall(math.abs, {}))
print(pcall(math.abs, "x"))
