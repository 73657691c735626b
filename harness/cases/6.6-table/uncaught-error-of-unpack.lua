-- lua: 5.1-5.5

local unpack = table.unpack or unpack
local function spread(t, n)
  local a, b = unpack(t, 1, n)
  return a, b
end
print(spread({1, 2}, 2))
for _, n in ipairs{1, 1e8} do
  print(n, (spread({1, 2}, n)))
end
