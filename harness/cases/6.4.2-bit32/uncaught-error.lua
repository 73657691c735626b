-- lua: 5.2-5.3

local function field(word, name, layout)
  local f = layout[name]
  return bit32.extract(word, f[1], f[2])
end
local layout = {low = {0, 8}, high = {24, 8}, bad = {30, 8}}
local function dump(word)
  for _, name in ipairs{"low", "high", "bad"} do print(name, field(word, name, layout)) end
end
dump(0x12345678)
