-- lua: 5.1-5.5

local inspect = {}
function inspect.describe(f, what)
  local info = debug.getinfo(f, what)
  return info.short_src
end
local function all(...)
  for i = 1, select("#", ...) do
    print(i, inspect.describe((select(i, ...)), i < 3 and "S" or "?"))
  end
end
all(print, all, print)
