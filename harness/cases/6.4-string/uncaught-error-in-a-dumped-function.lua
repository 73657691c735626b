-- lua: 5.1-5.5

local load = loadstring or load
local function outer(v)
  local function inner(x) return x.field.missing end
  local r = inner(v)
  return r
end
local copy = load(string.dump(outer), "copy")
print(pcall(copy, {field = {missing = 5}}))
local function use(v) local r = copy(v) return r end
use{}
