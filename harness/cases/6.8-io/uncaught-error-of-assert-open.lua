-- lua: 5.1-5.5

local function load_config(name)
  local f = assert(io.open(name, "r"))
  local s = f:read("*a")
  f:close()
  return s
end
local ok, message = pcall(load_config, "missing.conf")
print(ok, message)
local text = load_config("missing.conf")
print(#text)
