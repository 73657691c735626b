-- lua: 5.5

local function buffer(n)
  local t = table.create(n)
  return t
end
print(#buffer(3))
local function main() for _, n in ipairs{1, -1} do local b = buffer(n) print(n, #b) end end
main()
