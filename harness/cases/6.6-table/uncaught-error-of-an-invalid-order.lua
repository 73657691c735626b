-- lua: 5.1-5.5

local function sort(t)
  table.sort(t, function() return true end)
end
local function main()
  local t = {}
  for i = 1, 10 do t[i] = i end
  sort(t)
end
main()
