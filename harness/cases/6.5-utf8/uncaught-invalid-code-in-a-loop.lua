-- lua: 5.3-5.5

local function width(s)
  local n = 0
  for _, c in utf8.codes(s) do n = n + (c > 0x1100 and 2 or 1) end
  return n
end
local function report(list)
  for _, s in ipairs(list) do print(s, width(s)) end
end
report{"abc", "日本", "b\xE4d"}
