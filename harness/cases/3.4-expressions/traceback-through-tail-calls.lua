-- lua: 5.1-5.5

local function last(x) return x.field.field end
local function middle(x) return last(x) end
local function first(x) return middle(x) end
function start()
  local r = first({})
  return r
end
local ok, message = pcall(start)
print(ok, message)
start()
