-- lua: 5.1-5.5

local function list()
  local names = {}
  for i = 1, 20 do
    local name = debug.getlocal(2, i)
    if not name then break end
    names[#names + 1] = name
  end
  print(table.concat(names, " "))
end
local function loops()
  for i = 1, 1 do list() end
  for k, v in pairs{1} do list() end
  local a, b = 1, {list()}
end
loops()
local function args(...) local x = select("#", ...) list() return x end
args(1, 2)
