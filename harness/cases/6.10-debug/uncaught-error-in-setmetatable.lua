-- lua: 5.1-5.5

local function protect(value, meta)
  local r = debug.setmetatable(value, meta)
  return r
end
local function try() return protect({}, 5) end
local r = try()
print(r)
