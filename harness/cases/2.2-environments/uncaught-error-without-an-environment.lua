-- lua: 5.2-5.5

local function inner()
  return undefined
end
local function outer()
  inner()
  return 1
end
_ENV = nil
outer()
