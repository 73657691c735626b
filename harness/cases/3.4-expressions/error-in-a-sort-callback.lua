-- lua: 5.1-5.5

local function less(a, b)
  return a.key < b.key
end
local function sorted(t)
  table.sort(t, less)
  return t
end
print(sorted{{key = 2}, {key = 1}}[1].key)
print(sorted{{key = 2}, {key = "x"}}[1].key)
