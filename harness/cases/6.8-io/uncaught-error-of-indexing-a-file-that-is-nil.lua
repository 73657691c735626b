-- lua: 5.1-5.5

local function first(name)
  local f = io.open(name)
  local line = f:read("*l")
  f:close()
  return line
end
local line = first("no-such-file")
