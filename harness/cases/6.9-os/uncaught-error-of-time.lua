-- lua: 5.1-5.5

local function parse(s)
  local y, m = s:match("(%d+)-(%d+)")
  local t = os.time{year = tonumber(y), month = tonumber(m)}
  return t
end
local function each(list)
  for i = 1, #list do
    print(i)
    local t = parse(list[i])
  end
end
each{"2020-01"}
