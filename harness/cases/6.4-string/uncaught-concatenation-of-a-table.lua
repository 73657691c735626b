-- lua: 5.1-5.5

local row = {name = {}}
local function label(r) return "<" .. r.name .. ">" end
local function show(r)
  local text = label(r)
  print(text)
end
show{name = 5}
show(row)
